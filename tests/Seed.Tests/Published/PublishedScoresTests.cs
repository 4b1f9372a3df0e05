using System.Diagnostics;
using LPZero.Seed.Tests.Benchmarks;

namespace LPZero.Seed.Tests.Published;

/// <summary><c>bench/published</c>, which makes figures of docs/proxies.md.</summary>
public sealed class PublishedScoresTests : IDisposable
{
    private const string Scores = "flexibert/BERT_results_activation.csv";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [PublishedFact(Scores)]
    public async Task The_page_has_what_arithmetic_on_the_published_figures_gives()
    {
        var printed = await RunAsync(Script, "counts", PublicBenchmarks.Find("flexibert"), "--out", folder.File("activations.csv"));

        Assert.Contains("but for 0 of 300 rows", printed, StringComparison.Ordinal);
        Assert.Contains("as published 0.300, each activation once 0.676", printed, StringComparison.Ordinal);
        Assert.Contains("  Synaptic Saliency: 0.060\n", printed, StringComparison.Ordinal);
        Assert.Contains("  Synaptic Saliency Normalized: 0.586\n", printed, StringComparison.Ordinal);
        var lines = await File.ReadAllLinesAsync(folder.File("activations.csv"));
        Assert.Equal(301, lines.Length);
        Assert.Equal(["id,activation-distance", "0,1533794720.0"], lines.Take(2));
    }

    [PublishedFact(Scores)]
    public async Task Networks_of_the_same_seed_have_the_same_scores_under_the_names_of_the_published_columns()
    {
        var printed = await RunAsync(
            Script, "networks", PublicBenchmarks.Find("flexibert"),
            "--norm", "cuda", "--limit", "3", "--batch", "2x32", "--seeds", "1", "1");

        Assert.Contains("rho on 3 rows, 3 networks:", printed, StringComparison.Ordinal);
        foreach (var column in new[] { "Head Softmax Confidence", "Synaptic Saliency Normalized", "Head Importance", "Jacobian Score" })
        {
            Assert.Matches($"(?m)^  {column}: ours with theirs .*, ours with ours 1\\.000$", printed);
        }
    }

    [PythonFact]
    public async Task The_normalisation_of_CUDA_is_PyTorchs_own_but_for_rounding_which_of_a_sum_leaves_what_is_negative()
    {
        const string Program = """
            import sys, torch
            sys.path.insert(0, sys.argv[1])
            from cuda_norm import CudaNorm
            torch.manual_seed(1)
            for width in 128, 256:
                states = torch.randn(2, 500, width, requires_grad=True)
                ours, theirs = CudaNorm(width, 1e-12)(states), torch.nn.LayerNorm(width, 1e-12)(states)
                weights = torch.randn_like(ours)
                gradients = [torch.autograd.grad((y * weights).sum(), states, retain_graph=True)[0] for y in (ours, theirs)]
                torch.testing.assert_close(ours, theirs, rtol=0, atol=5e-6)
                torch.testing.assert_close(*gradients, rtol=0, atol=5e-6)
                left = [torch.autograd.grad(y.sum(), states)[0] for y in (ours, theirs)]
                assert max(x.abs().max() for x in left) < 1e-6
                cuda, cpu = [(x < 0).sum() / (x != 0).sum() for x in left]
                assert cuda > 0.9 and 0.4 < cpu < 0.6, (cuda, cpu)
            print("alike")
            """;

        Assert.Equal("alike\n", await RunAsync("-c", Program, Path.GetDirectoryName(Script)!));
    }

    private static string Script => Path.Combine(Repository.Root!, "bench", "published", "published_scores.py");

    private static async Task<string> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(PythonFactAttribute.Python, ["-B", .. arguments])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["OMP_NUM_THREADS"] = "1";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var printed = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await errors);
        return printed;
    }

    /// <summary>A test that needs both Python with PyTorch and a file of the public benchmarks.</summary>
    private sealed class PublishedFactAttribute : FactAttribute
    {
        public PublishedFactAttribute(string path) => Skip = new PythonFactAttribute().Skip ?? new BenchmarkFactAttribute(path).Skip;
    }
}
