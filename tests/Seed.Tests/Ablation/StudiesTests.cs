using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using LPZero.Coordinator.Ranking;
using LPZero.Messages;
using LPZero.Messages.Architectures;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;
using LPZero.Seed.Ablation;
using LPZero.Seed.CommandLine;
using LPZero.Seed.Exhaustive;
using LPZero.Seed.Reproduction;
using LPZero.Seed.Tests.Benchmarks;
using LPZero.Seed.Tests.Exhaustive;

namespace LPZero.Seed.Tests.Ablation;

/// <summary>A small part of what <c>ablate</c> and <c>reproduce</c> do, with terms from a plain loop.</summary>
public sealed class StudiesTests : IDisposable
{
    private static readonly Benchmark Small = SmallBenchmark.Create(30);

    private static readonly SearchConfiguration Configuration = new()
    {
        Preset = "default",
        SearchArchitectures = 18,
        BatchSize = 2,
        SequenceLength = 16,
        UnaryOperations = 1,
        Inputs = [InputKind.A, InputKind.W],
        LayerReductions = [LayerReduction.Sum],
        MinDistinct = 0.2,
        Fitness = FitnessTarget.Truth,
        Iterations = 30,
        OffspringPerIteration = 1,
    };

    private readonly TemporaryFolder folder = new();
    private readonly PlainTerms terms = new();
    private readonly List<string> said = [];

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Evolution_with_rules_without_and_random_gives_bands_and_more_seeds_go_on_from_the_finished_ones()
    {
        var first = await new EvolutionStudy(Asked(), seeds: 1, [8, 12]).RunAsync(default);
        first.Study.Write(folder.Path);
        var asked = terms.Asked.Count;

        // The seed that is done is neither searched nor probed again.
        var both = await new EvolutionStudy(Asked(), seeds: 2, [8, 12]).RunAsync(default);
        Assert.Contains("seed 1 of 2 before", said[^2], StringComparison.Ordinal);
        Assert.True(terms.Asked.Skip(asked).TakeWhile(wanted => wanted.Branches.IsEmpty).Count() > 1);
        var (once, twice) = (Json(first.Study), Json(both.Study));
        Assert.Equal([6, 6, 6, 7, 7], twice["arms"]!.AsArray().Select(arm => (int)arm!["figure"]!));
        for (var arm = 0; arm < 5; arm++)
        {
            Assert.Equal(once["arms"]![arm]!["runs"]![0]!.ToJsonString(), twice["arms"]![arm]!["runs"]![0]!.ToJsonString());
            Assert.Equal(2, twice["arms"]![arm]!["runs"]!.AsArray().Count);
        }

        // Populations and arms of one configuration are one search.
        Assert.Equal(twice["arms"]![0]!["runs"]!.ToJsonString(), twice["arms"]![3]!["runs"]!.ToJsonString());
        Assert.NotEqual(twice["arms"]![0]!["runs"]!.ToJsonString(), twice["arms"]![2]!["runs"]!.ToJsonString());

        both.Study.Write(folder.Path);
        var lines = await File.ReadAllLinesAsync(folder.File("evolution.csv"));
        Assert.Equal("figure,arm,iteration,mean,deviation,lowest,highest", lines[0]);
        Assert.Equal(1 + (5 * 31), lines.Length);
        Assert.Contains("![", await File.ReadAllTextAsync(folder.File("evolution.md")), StringComparison.Ordinal);
        foreach (var (name, bands) in new[] { ("figure-6.svg", 3), ("figure-7.svg", 2) })
        {
            Assert.Equal(bands, Elements(folder.File(name), "band ").Count);
        }
    }

    [Fact]
    public async Task A_search_over_cached_terms_finds_what_the_whole_space_holds()
    {
        var configuration = Configuration with { Population = 20, Iterations = 400 };
        var split = await SplitTerms.OpenAsync(Small, configuration, terms, progress: null, default);
        await CachedSearch.EnsureSpaceAsync(split, progress: null, default);
        var asked = terms.Asked.Count;
        var found = await CachedSearch.RunAsync(split, configuration, progress: null, default);

        // Only the held-out set was still to be probed.
        Assert.Equal(asked + 1, terms.Asked.Count);
        var whole = await new ExhaustiveUseCase(terms, keep: null, new ExhaustiveDisplay(quiet: true)).RunAsync(
            new ExhaustiveRequest(Small, configuration, Top: 3, Threads: 1, folder.File("whole"), "lpzero"), default);
        Assert.InRange(found.SearchRho, whole.Top[0].Search.Rho - 0.1, whole.Top[0].Search.Rho);
        Assert.Equal(found.SearchRho, found.Convergence[^1].BestRho);
        Assert.InRange(found.Evaluations, 420, 420 + found.Invalid);

        // What evaluate would say of it on the held-out set.
        var heldOut = split.Sample.HeldOut;
        var part = ProxyParts.Of(ProxyText.ParseProxy(found.Best!), configuration);
        var scores = (await new ProxyPartScores(new PlainTerms(), progress: null).OfAsync(
            new EvaluatedBenchmark("small", Small, configuration), heldOut, [part], default))[part];
        Assert.Equal(Spearman.Rho(scores, heldOut.Truths), found.HeldOut.Rho, 12);
        Assert.Equal(Kendall.TauA(scores, heldOut.Truths), found.HeldOut.TauA, 12);
    }

    [Fact]
    public async Task Win_rates_are_of_the_whole_space_as_far_as_it_can_be_ranked_and_of_a_sample_beyond()
    {
        var study = await new WinRateStudy(Asked(), seeds: 2, shortest: 1, longest: 3, sample: 30).RunAsync(default);
        var rows = Json(study)["rows"]!.AsArray();
        Assert.Equal(
            [(1, true), (1, false), (2, true), (2, false), (3, false)],
            rows.Select(row => ((int)row!["operations"]!, (bool)row["whole"]!)));

        // The share is that of the exhaustive search, with the split of each seed.
        var shares = new List<double>();
        foreach (var seed in new ulong[] { 42, 43 })
        {
            var whole = await new ExhaustiveUseCase(terms, keep: null, new ExhaustiveDisplay(quiet: true)).RunAsync(
                new ExhaustiveRequest(
                    Small, Configuration with { Seed = seed }, Top: 1, Threads: 1, folder.File($"whole-{seed}"), "lpzero"), default);
            shares.Add(whole.Distribution.Where(bin => bin.From >= 0.6 - 1e-9).Sum(bin => bin.Count) / (double)whole.Valid);
        }

        Assert.Equal(shares.Average(), (double)rows[0]!["winRate"]!["mean"]!, 1e-12);
        Assert.Equal(shares.Max(), (double)rows[0]!["winRate"]!["highest"]!, 1e-12);
        Assert.Equal(30, (int)rows[4]!["proxies"]!);
        Assert.True((long)rows[2]!["proxies"]! > (long)rows[0]!["proxies"]!);

        // All parts are done: nothing but what the terms are computed with is asked for.
        var asked = terms.Asked.Count;
        var again = await new WinRateStudy(Asked(), seeds: 2, shortest: 1, longest: 3, sample: 30).RunAsync(default);
        Assert.All(terms.Asked.Skip(asked), wanted => Assert.Empty(wanted.Branches));
        Assert.Equal(Json(study)["rows"]!.ToJsonString(), Json(again)["rows"]!.ToJsonString());
        Assert.Equal(1 + (5 * 2 * 5), Csv(again).Length);
        again.Write(folder.Path);
        Assert.Equal(5, Elements(folder.File("operations.svg"), "band ").Count);
        var labels = Elements(folder.File("operations.svg"), "label");
        Assert.Equal(5, labels.Count(label => label.Value.EndsWith(" from 0.8", StringComparison.Ordinal)));
        Assert.Contains("](operations.svg)", await File.ReadAllTextAsync(folder.File("operations.md")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Variance_has_a_search_for_every_split_seed_of_the_weights_and_mini_batch()
    {
        var asked = Asked() with { Configuration = Configuration with { Iterations = 5, Population = 6 } };
        var study = await new VarianceStudy(asked, splits: 2, weights: 2, batches: 2).RunAsync(default);
        var json = Json(study);
        var measures = json["measures"]!.AsArray();
        Assert.Equal(["found", "fixed"], measures.Select(measure => (string)measure!["name"]!));
        Assert.Equal(7, measures[0]!["components"]!.AsArray().Count);
        Assert.Equal(4, terms.Asked.Where(wanted => !wanted.Branches.IsEmpty)
            .Select(wanted => (wanted.Probe.WeightsSeed, wanted.Probe.BatchSeed)).Distinct().Count());
        Assert.Equal(9, Csv(study).Length);

        // Spreads and means are those of the cells, which the CSV has.
        var cells = Csv(study).Skip(1).Select(line => line.Split(',')).Select(cell => (
            Table: (cell[0], cell[2]), Rhos: new[] { Number(cell[^2]), Number(cell[^1]) })).ToList();
        foreach (var (measure, index) in measures.Select((measure, index) => (measure!, index)))
        {
            var spreads = cells.GroupBy(cell => cell.Table, cell => cell.Rhos[index]).Select(set => set.Max() - set.Min()).ToList();
            Assert.Equal(4, spreads.Count);
            Assert.Equal(spreads.Average(), (double)measure["spreadOverWeights"]!["mean"]!, 1e-12);
            Assert.Equal(spreads.Max(), (double)measure["spreadOverWeights"]!["highest"]!, 1e-12);
            Assert.Equal(cells.Average(cell => cell.Rhos[index]), (double)measure["mean"]!, 1e-12);
        }

        study.Write(folder.Path);
        Assert.Equal(2 * 7, Elements(folder.File("variance.svg"), "bar ").Count);
        Assert.Contains("split x mini-batch", await File.ReadAllTextAsync(folder.File("variance.md")), StringComparison.Ordinal);

        // Where the split's first table led to another proxy, that is held against the truth in all other tables.
        var parts = JsonNode.Parse(await File.ReadAllTextAsync(folder.File("variance-parts.json")))!.AsObject();
        foreach (var (_, part) in parts)
        {
            part!["found"]!["best"] = "abs(A) + abs(W)";
        }

        await File.WriteAllTextAsync(folder.File("variance-parts.json"), parts.ToJsonString());
        said.Clear();
        await new VarianceStudy(asked, splits: 2, weights: 2, batches: 2).RunAsync(default);
        Assert.Equal([true, false, false, false], said.Select(line => line.EndsWith(": done before", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_is_given_is_reproduced_beside_the_published_figures_and_the_rest_is_named_as_skipped()
    {
        var benchmark = new EvaluatedBenchmark("small", Small, Configuration);
        var asked = new ReproduceRequest(
            benchmark, Gpt2: null, "small.json", Gpt2Source: null, Seeds: 2, [6, 8], (1, 1), WinRateSeeds: 1, Sample: 10,
            configuration => configuration, folder.Path, "lpzero reproduce");
        var made = await new ReproduceUseCase(terms, threads: 1, new ExhaustiveDisplay(quiet: true)).RunAsync(asked, default);
        Assert.Equal(
            ["figure 1", "figure 5", "figure 6", "figure 7", "table 3", "table 4", "table 5"], made.Parts.Select(part => part.Part));
        var skipped = Assert.Single(made.Parts, part => part.Skipped is not null);
        Assert.Equal(("table 4", "no benchmark was given for it; give --gpt2"), (skipped.Part, skipped.Skipped));
        Assert.All(made.Parts.SelectMany(part => part.Files), file => Assert.True(File.Exists(folder.File(file)), file));
        Assert.All(made.Parts.Where(part => part.Skipped is null), part => Assert.NotEmpty(part.Files));
        Assert.Contains("flexibert/operations.svg", made.Parts.Single(part => part.Part == "table 5").Files);

        // The command of each part is one of the program, with all that departs from the preset.
        foreach (var part in made.Parts.Where(part => part.Command is not null))
        {
            Assert.Empty(Commands.Root().Parse(part.Command!["lpzero ".Length..]).Errors);
            Assert.Contains("--batch 2x16", part.Command, StringComparison.Ordinal);
        }

        var page = await File.ReadAllTextAsync(folder.File("README.md"));
        Assert.Contains("LLaMA-7B", page, StringComparison.Ordinal);
        var left = JsonSerializer.SerializeToNode(made.Json(folder.Path), MessageJson.Options)!["notRun"]!.AsArray()[^1]!;
        Assert.Equal("table 5 of 2, 3, 4, 5 operations a branch", (string)left["part"]!);
        Assert.EndsWith("; give --unary 2..5", (string)left["reason"]!, StringComparison.Ordinal);
        Assert.Contains($"- {left["part"]}: {left["reason"]}\n", page, StringComparison.Ordinal);
        var table = JsonNode.Parse(await File.ReadAllTextAsync(folder.File("table-3.json")))!;
        Assert.Equal(1, (int)table["schemaVersion"]!);
        var synflow = table["rows"]!.AsArray().Single(row => (string?)row!["id"] == "synflow")!;
        Assert.Equal(0.471, (double)synflow["paperRho"]!);
        var evaluated = (await new EvaluateUseCase(terms, threads: 1, new ExhaustiveDisplay(quiet: true)).RunAsync(
            [benchmark], ProxyChoices.Read(["synflow"]), published: null, sample: null, default))[0];
        Assert.Equal(evaluated.Rows.Single(row => row.Proxy.Name == "synflow").Figures!.Rho, (double)synflow["rho"]!);
        var searched = JsonNode.Parse(await File.ReadAllTextAsync(folder.File("flexibert/evolution.json")))!;
        Assert.Equal(
            (double)searched["arms"]![0]!["heldOutRho"]!["mean"]!,
            (double)table["rows"]!.AsArray().Single(row => (string?)row!["id"] == "found")!["rho"]!);

        // Pages of what ablate does say what is published, too, and rows that nothing here is say so.
        foreach (var (name, text) in new[]
        {
            ("flexibert/operations.md", "| 2 | published: a sample on FlexiBERT |"), ("flexibert/evolution.md", "the larger start higher"),
            ("table-3.md", "| Attention Importance | not computed"),
        })
        {
            Assert.Contains(text, await File.ReadAllTextAsync(folder.File(name)), StringComparison.Ordinal);
        }

        // With another benchmark over the same folder: its files come to it, and what stays there is said to be none of this one's.
        Assert.DoesNotContain("earlier reproductions", page, StringComparison.Ordinal);
        var other = asked with
        {
            FlexiBert = null,
            FlexiBertSource = null,
            Gpt2 = benchmark,
            Gpt2Source = "small.json",
            Command = "lpzero reproduce again",
        };
        var second = await new ReproduceUseCase(terms, threads: 1, new ExhaustiveDisplay(quiet: true)).RunAsync(other, default);
        Assert.Equal(
            ["gpt2/figure-6.svg", "gpt2/figure-7.svg"],
            second.Parts.SelectMany(part => part.Files).Where(file => file.StartsWith("gpt2/figure", StringComparison.Ordinal)));
        Assert.Contains("table-3.md", second.Left);
        Assert.Contains("flexibert/figure-6.svg", second.Left);
        Assert.DoesNotContain(second.Published.NotRun, part => part.Part.StartsWith("table 5", StringComparison.Ordinal));
        Assert.Empty(second.Left.Intersect(second.Parts.SelectMany(part => part.Files)));
        Assert.Contains("- [table-3.md](table-3.md)", await File.ReadAllTextAsync(folder.File("README.md")), StringComparison.Ordinal);

        // It is not forgotten the next time, unless it was deleted.
        File.Delete(folder.File("table-3.md"));
        var third = await new ReproduceUseCase(terms, threads: 1, new ExhaustiveDisplay(quiet: true)).RunAsync(other, default);
        Assert.Equal(second.Left.Remove("table-3.md").AsEnumerable(), third.Left);
    }

    [Fact]
    public async Task Studies_of_tasks_and_of_networks_that_were_trained_twice_say_what_noise_leaves_and_how_each_truth_is_ranked()
    {
        var asked = Asked() with
        {
            Benchmark = SmallTasks.Of(Small),
            Configuration = Configuration with { SearchArchitectures = 36, Iterations = 5, Population = 6 },
        };
        Study[] studies =
        [
            (await new EvolutionStudy(asked, seeds: 2, [6]).RunAsync(default)).Study,
            await new WinRateStudy(asked, seeds: 2, shortest: 1, longest: 1, sample: 5).RunAsync(default),
            await new VarianceStudy(asked, splits: 2, weights: 2, batches: 2).RunAsync(default),
        ];
        double[] heldOut =
        [
            (double)Json(studies[0])["arms"]![0]!["heldOutRho"]!["mean"]!, (double)Json(studies[1])["rows"]![0]!["heldOutRho"]!["mean"]!,
            (double)Json(studies[2])["measures"]![0]!["mean"]!,
        ];
        foreach (var (study, rho) in studies.Zip(heldOut))
        {
            Assert.InRange((double)Json(study)["ceiling"]!["rho"]!, 0.5, 0.9999);
            var table = Assert.Single(study.Tables, table => table.Title == "Noise ceiling");
            Assert.Equal("60", Assert.Single(table.Rows[0][1].Lines));

            // By the opposite of the truth a ranking is as bad as it is good by the truth.
            var truths = Json(study)["truths"]!.AsArray();
            Assert.Equal([Small.Metric, SmallTasks.Straight, SmallTasks.Mirrored], truths.Select(truth => (string)truth!["name"]!));
            foreach (var (truth, expected) in truths.Zip([rho, rho, -rho]))
            {
                Assert.Equal(expected, (double)truth!["rankings"]![0]!["rho"]!, 1e-9);
            }

            Assert.NotEqual(rho, (double)truths[0]!["rankings"]![0]!["rhoWithoutFailed"]!);
            Assert.InRange((double)truths[0]!["ceiling"]!, 0.5, 0.9999);
            var byTruth = Assert.Single(study.Tables, table => table.Title == "Held-out rho by truth and by task");
            Assert.Equal(truths.Select(truth => (string)truth!["name"]!), byTruth.Columns.Skip(1).Select(column => column.Name));
            Assert.Equal(2, byTruth.Rows[1][1].Lines.Length);
        }
    }

    [Fact]
    public void Published_proxies_are_known_here_by_their_ids()
    {
        var published = PublishedFigures.Read();
        Assert.Equal([3, 4], published.Tables.Select(table => table.Table));
        Assert.All(
            published.Tables.SelectMany(table => table.Rows).Where(row => row.Id is not null and not PublishedFigures.Found),
            row => Assert.Contains(row.Id!, ProxyNames.All));
        Assert.NotEmpty(published.NotRun);
    }

    [Fact]
    public void What_is_published_of_a_confidence_stands_on_the_row_of_its_name()
    {
        var tables = PublishedFigures.Read().Tables;
        PublishedRow[] expected =
        [
            new("Head Confidence", "attention-confidence", PaperRho: 0.364, FilesRho: 0.716, FilesTau: 0.478),
            new("Attention Confidence", "attention-confidence", PaperRho: 0.666),
            new("Attention Confidence", "attention-confidence", FilesRho: 0.850, FilesTau: 0.676),
            new("Head Confidence", "attention-confidence", FilesRho: 0.850, FilesTau: 0.676),
        ];
        Assert.Equal(expected, tables.SelectMany(table => table.Rows).Where(row => row.Id == "attention-confidence"));
    }

    [Fact]
    public void Studies_of_different_configurations_have_folders_of_their_own()
    {
        Assert.Equal(AblateCommand.KeyOf(Small, Configuration), AblateCommand.KeyOf(Small, Configuration with { }));
        Assert.NotEqual(
            AblateCommand.KeyOf(Small, Configuration), AblateCommand.KeyOf(Small, Configuration with { SequenceLength = 8 }));
        Assert.NotEqual(AblateCommand.KeyOf(Small, Configuration), AblateCommand.KeyOf(SmallBenchmark.Create(20), Configuration));
    }

    [Theory]
    [InlineData("2", 2, 2)]
    [InlineData("2..5", 2, 5)]
    [InlineData(null, 2, 2)]
    public void Operations_are_a_number_or_a_range(string? text, int shortest, int longest) =>
        Assert.Equal((shortest, longest), AblateCommand.Range(text));

    [Theory]
    [InlineData("5..2")]
    [InlineData("0")]
    [InlineData("2..11")]
    [InlineData("2..3..4")]
    [InlineData("two")]
    public void What_is_no_range_is_refused(string text) =>
        Assert.Contains("--unary", Assert.Throws<UsageException>(() => AblateCommand.Range(text)).Message, StringComparison.Ordinal);

    private StudyRequest Asked() => new(Small, Configuration, folder.Path, "lpzero ablate", terms, Progress: null, said.Add);

    private static JsonObject Json(Study study) => JsonSerializer.SerializeToNode(study.Json, MessageJson.Options)!.AsObject();

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>The elements of a drawing whose style begins so.</summary>
    private static List<XElement> Elements(string file, string style)
    {
        var drawing = XDocument.Load(file);
        Assert.Equal("http://www.w3.org/2000/svg", drawing.Root!.Name.NamespaceName);
        return
        [
            .. drawing.Descendants().Where(
                element => ((string?)element.Attribute("class"))?.StartsWith(style, StringComparison.Ordinal) == true),
        ];
    }

    private static string[] Csv(Study study) => study.Csv().TrimEnd('\n').Split('\n');
}
