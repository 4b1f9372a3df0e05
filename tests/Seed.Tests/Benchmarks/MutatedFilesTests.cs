using System.Text;
using LPZero.Coordinator.Scoring;
using LPZero.GpuNode.Devices;
using LPZero.GpuNode.Evaluation;
using LPZero.GpuNode.Inputs;
using LPZero.GpuNode.Training;
using LPZero.Messages.Architectures;
using LPZero.Messages.Search;
using LPZero.Messages.Terms;
using LPZero.Seed.Benchmarks;

namespace LPZero.Seed.Tests.Benchmarks;

/// <summary>Whatever becomes of a file on its way, reading it gives a benchmark that can be searched, or one clear line.</summary>
public sealed class MutatedFilesTests : IDisposable
{
    private static readonly string[] Words =
    [
        "0", "-1", "1e400", "2147483647", "2000000000", "99999999999999999999", "0.5", "null", "true", "[]", "{}", "\"\"", "\"\\ud800\"",
        "\"\\u001b[2J\"", "NaN", "-Infinity", "\"DSC/9\"", "\"LT/DCT\"", "3", "5", "65536", "//", "\\", "\"", ",", "[", "}", "\uFEFF",
    ];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_benchmark_file_gives_a_benchmark_or_one_line(ulong seed)
    {
        var random = new RandomSequence(seed, "benchmarks");
        byte[][] files = [Encoding.UTF8.GetBytes(new BenchmarkFile(SmallBenchmark.Create(8)).ToJson()),
            Encoding.UTF8.GetBytes(PublicForm.Create().ToJsonString())];
        var (read, refused) = (0, 0);
        for (var i = 0; i < 2000; i++)
        {
            try
            {
                var benchmark = BenchmarkSource.Load(Write(Mutate(random.Choose(files), random)));
                Assert.Null(benchmark.FindProblem());
                Estimate(benchmark);
                read++;
            }
            catch (BenchmarkException error)
            {
                AssertOneLine(error);
                refused++;
            }
        }

        Assert.True(read > 20 && refused > 500, $"{read} read, {refused} refused");
    }

    [Fact]
    public void A_space_file_gives_architectures_or_one_line()
    {
        var random = new RandomSequence(3, "spaces");
        var file = Encoding.UTF8.GetBytes(TinySpace.Create().ToJsonString());
        var (read, refused) = (0, 0);
        for (var i = 0; i < 1000; i++)
        {
            try
            {
                var space = TrainingSpace.Load(Write(Mutate(file, random)));
                Assert.All(SpaceSampling.Genotypes(space), genotype => Assert.Null(genotype.FindProblem()));
                read++;
            }
            catch (BenchmarkException error)
            {
                AssertOneLine(error);
                refused++;
            }
        }

        Assert.True(read > 20 && refused > 200, $"{read} read, {refused} refused");
    }

    /// <summary>One to three changes: a byte, a cut, a piece repeated, or a value replaced.</summary>
    private static byte[] Mutate(byte[] file, RandomSequence random)
    {
        var bytes = file.ToList();
        for (var left = 1 + random.Next(3); left > 0; left--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, Math.Min(random.Next(40), bytes.Count - at - 1));
                    break;
                case 2:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(200), bytes.Count - at)));
                    break;
                default:
                    ReplaceValue(bytes, at, random);
                    break;
            }
        }

        return [.. bytes];
    }

    /// <summary>Replaces what stands between the next colon and the next comma or bracket.</summary>
    private static void ReplaceValue(List<byte> bytes, int at, RandomSequence random)
    {
        var start = bytes.IndexOf((byte)':', at) + 1;
        var end = start == 0 ? -1 : bytes.FindIndex(start, b => b is (byte)',' or (byte)'}' or (byte)']');
        if (end >= 0)
        {
            bytes.RemoveRange(start, end - start);
            bytes.InsertRange(start, Encoding.UTF8.GetBytes(random.Choose(Words)));
        }
    }

    /// <summary>What a search asks of a benchmark before it builds a network.</summary>
    private static void Estimate(Benchmark benchmark)
    {
        var evaluator = new FusedEvaluator();
        foreach (var shapes in Enum.GetValues<Shapes>())
        {
            var configuration = SearchConfiguration.Presets["default"] with
            {
                Shapes = shapes,
                SearchArchitectures = 4,
                SequenceLength = Math.Min(128, benchmark.Sizes.Positions),
            };
            if (BenchmarkFit.FindProblem(benchmark, configuration) is not null)
            {
                continue;
            }

            var probe = new ProbeSettings(
                configuration.BatchSize, configuration.SequenceLength, 42, 42, WeightSelection.All, benchmark.Sizes);
            foreach (var architecture in benchmark.Architectures)
            {
                try
                {
                    MemoryBudget.Check(new ProbedNetwork(architecture.Genotype.Resolve(shapes), probe), evaluator, 1L << 32);
                }
                catch (BatchTooLargeException error)
                {
                    Assert.DoesNotContain('\n', error.Message);
                }
            }
        }
    }

    private static void AssertOneLine(BenchmarkException error)
    {
        Assert.DoesNotContain(error.Message, char.IsControl);
        Assert.InRange(error.Message.Length, 10, 600);
    }

    private string Write(byte[] bytes)
    {
        var path = folder.File("mutated.json");
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
