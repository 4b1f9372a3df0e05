using System.Text;
using LPZero.GpuNode.Training;
using LPZero.Messages.Architectures;
using LPZero.Seed.CommandLine;
using LPZero.Seed.Tests.Benchmarks;

namespace LPZero.Seed.Tests.CommandLine;

public sealed class PublishedScoresTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly Benchmark small = SmallBenchmark.Create();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_folder_of_LPZero_has_a_file_for_each_proxy()
    {
        folder.Write("grad_norm_scores_seed_1111.yaml", "a0: 0.5\na1: -1.0e-08\n");
        folder.Write("lpzero_scores_seed_1111.yaml", "a1: 3\na0: 2\n");
        folder.Write("lpzero_scores_seed_1111_bak.yaml", "a0: 9\na1: 9\n");
        var read = PublishedScores.Read($"scores:{folder.Path}");
        Assert.Equal(["gradient-norm", "lpzero-gpt2"], read.Proxies.AsEnumerable());
        Assert.Equal(
            [[-1e-8, 0.5], [3, 2]], read.Of([small.Architectures[1], small.Architectures[0]]).Select(scores => scores.ToArray()));
        Assert.Null(read.FindMisfit(small, small.Architectures[..2]));
    }

    [Theory]
    [InlineData("{}", "a0: 1\n", "eznas_scores_seed_1.yaml: holds no scores; give a line 'ID: SCORE' for each architecture")]
    [InlineData("a0: 1\n", "{}", "snip_scores_seed_1.yaml: holds no scores")]
    [InlineData("", "a0: 1\n", "eznas_scores_seed_1.yaml: is empty")]
    [InlineData("a0: 1\n", "a0: 1\na1: 2\n", "eznas_scores_seed_1.yaml: has no score of 'a1', as ")]
    [InlineData("a0: 1\na1: 2\n", "a0: 1\n", "snip_scores_seed_1.yaml: has no score of 'a1', as ")]
    [InlineData("a0: 1\n", "\"a\\e[2J\": 1\n", "snip_scores_seed_1.yaml: has no score of 'a0', as ")]
    [InlineData("\"a\\e[2J\": 1\n", "a0: 1\n", "snip_scores_seed_1.yaml: has no score of 'a\\u{1B}[2J', as ")]
    [InlineData("a0: 1\n", "a0: much\n", "snip_scores_seed_1.yaml: $.a0: is no number")]
    [InlineData("a0: 1\n", "[1]\n", "snip_scores_seed_1.yaml: $: expected an object but found")]
    public void A_file_without_scores_or_with_other_ids_is_one_line_that_names_it(string first, string second, string expected)
    {
        folder.Write("eznas_scores_seed_1.yaml", first);
        folder.Write("snip_scores_seed_1.yaml", second);
        AssertRefused($"scores:{folder.Path}", expected);
    }

    [Fact]
    public void What_is_no_folder_of_scores_is_one_line()
    {
        AssertRefused(folder.Path, "give scores:FILE.csv or scores:FOLDER");
        AssertRefused($"scores:{folder.Path}", "holds no file *_scores_seed_*.yaml");
        AssertRefused($"scores:{folder.File("absent.csv")}", "there is no such CSV file");
        folder.Write("snip_scores_seed_1.yaml", "a0: 1\n");
        folder.Write("snip_scores_seed_2.yaml", "a0: 1\n");
        AssertRefused($"scores:{folder.Path}", "snip_scores_seed_1.yaml has scores of snip, too; leave one out");
    }

    [Fact]
    public void Scores_of_other_architectures_are_named_without_a_line_as_they_are_of_several_files()
    {
        folder.Write("snip_scores_seed_1.yaml", "a0: 1\nb0: 1\n");
        var misfit = PublishedScores.Read($"scores:{folder.Path}").FindMisfit(small, small.Architectures)!;
        Assert.StartsWith($"scores:{folder.Path}: small has no architecture 'b0'; did you mean ", misfit, StringComparison.Ordinal);
        folder.Write("snip_scores_seed_1.yaml", "a0: 1\n");
        Assert.Equal(
            $"scores:{folder.Path}: it is without scores of 17 of 18 architectures of small, the first of them 'a1'",
            PublishedScores.Read($"scores:{folder.Path}").FindMisfit(small, small.Architectures));
    }

    [Fact]
    public void Whatever_becomes_of_a_file_of_the_folder_gives_scores_or_one_line()
    {
        var random = new RandomSequence(9, "published folder");
        byte[][] intact =
        [
            .. Enumerable.Range(0, 2).Select(file => Encoding.UTF8.GetBytes(string.Concat(
                small.Architectures.Select((each, i) => FormattableString.Invariant($"{each.Id}: {(i - 3.5) * (file + 1)}e-{i}\n"))))),
        ];
        Mutation.Try<UsageException>(5000, () =>
        {
            var spoilt = random.Next(2);
            foreach (var (index, name) in ((string[])["eznas_scores_seed_1.yaml", "snip_scores_seed_1.yaml"]).Index())
            {
                File.WriteAllBytes(
                    folder.File(name), index == spoilt ? Mutation.Of(intact[index], random, behind: "\n") : intact[index]);
            }

            AssertFits(folder.Path, ["eznas", "snip"]);
        });
    }

    [Fact]
    public void Whatever_becomes_of_a_table_gives_scores_or_one_line()
    {
        var random = new RandomSequence(10, "published table");
        var intact = Encoding.UTF8.GetBytes("ID,GLUE Score,Head Confidence,Jacobian Score Normalized\r\n" + string.Concat(
            small.Architectures.Select((each, i) => FormattableString.Invariant($"{each.Id},{70 + i}.25,{i * 0.37},-{i}e-{i}\r\n"))));
        Mutation.Try<UsageException>(5000, () =>
        {
            File.WriteAllBytes(folder.File("published.csv"), Mutation.Of(intact, random, before: ',', behind: ",\r\n"));
            AssertFits(folder.File("published.csv"), proxies: null);
        });
    }

    /// <summary>What was read either fits the benchmark, and then has a score of every architecture, or says in one line why not.</summary>
    private void AssertFits(string path, string[]? proxies)
    {
        var read = PublishedScores.Read($"scores:{path}");
        Assert.NotEmpty(read.Proxies);
        Assert.True(proxies is null || proxies.SequenceEqual(read.Proxies));
        if (read.FindMisfit(small, small.Architectures) is { } misfit)
        {
            Assert.DoesNotContain(misfit, char.IsControl);
        }
        else
        {
            Assert.All(read.Of(small.Architectures), scores => Assert.Equal(small.Architectures.Length, scores.Length));
        }
    }

    private static void AssertRefused(string source, string expected)
    {
        var problem = Assert.Throws<UsageException>(() => PublishedScores.Read(source)).Message;
        Assert.Contains(expected, problem, StringComparison.Ordinal);
        Assert.DoesNotContain(problem, char.IsControl);
    }
}
