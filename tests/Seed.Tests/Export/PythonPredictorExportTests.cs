using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using LPZero.Coordinator.Scoring;
using LPZero.Messages.Architectures;
using LPZero.Messages.Predictors;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;
using LPZero.Seed.Export;
using LPZero.Seed.Tests.Benchmarks;

namespace LPZero.Seed.Tests.Export;

public class PythonPredictorExportTests
{
    private const string Driver = """
        import importlib, json, sys, torch
        torch.set_num_threads(1)
        torch.manual_seed(5)
        sys.path.insert(0, sys.argv[1])
        described = json.load(open(sys.argv[1] + "/described.json"))
        networks = [dict(network, inputs={letter: [[torch.randn(3, 4)] for _ in range(2 + i % 3)] for letter in "AW"})
                    for i, network in enumerate(described)]
        print(json.dumps([importlib.import_module("proxy_0").score(n["inputs"]) for n in networks]))
        print(json.dumps([importlib.import_module("proxy_1").score(n["inputs"]) for n in networks]))
        print(json.dumps(importlib.import_module("predictor").scores(networks)))
        """;

    private static readonly ProxyPart[] Proxies =
    [
        new(ProxyText.ParseProxy("sum[square(A) * abs(W)]"), Reduction.Mean, Reduction.Mean),
        new(ProxyText.ParseProxy("last[frobenius_norm(W)]"), Reduction.Sum, Reduction.Sum),
    ];

    private static readonly PredictorProbe Probe = PredictorProbes.Of(SearchConfiguration.Presets["default"]);

    private static readonly PredictorGroup Group = PredictorGroup.Lexicographic(
        new FeaturePart("layers"),
        new GroupPart(PredictorGroup.MeanRank(
            Proxies[0] with { Coefficient = -2 },
            new GroupPart(new PredictorGroup(
                PredictorRule.Sum,
                [
                    Proxies[1] with { Transform = PartTransform.Log, Mean = 1.5, Scale = 0.25, Coefficient = 3 },
                    new BaselinePart("parameters \"outside\"") { Transform = PartTransform.Log, Coefficient = -1 },
                    new GroupPart(PredictorGroup.Product(
                        new FeaturePart("layers") { Mean = 2.5, Coefficient = 0.125 }, Proxies[1] with { Scale = 2 }))
                    {
                        Coefficient = 0.75,
                    },
                ],
                Intercept: 0.5)))));

    [PythonFact]
    public void Python_puts_values_together_as_this_program_does()
    {
        var architectures = SmallBenchmark.Create(15).Architectures;
        using var folder = new TemporaryFolder();
        folder.Write("predictor.py", PythonPredictorExport.Write(new Predictor("all \"rules\"", "flexibert", Group, Probe)));
        foreach (var (i, proxy) in Proxies.Index())
        {
            folder.Write(FormattableString.Invariant($"proxy_{i}.py"), PythonPredictorExport.Write(
                new Predictor("one", "flexibert", PredictorGroup.Of(proxy), Probe)));
        }

        folder.Write("described.json", JsonSerializer.Serialize(architectures.Select(architecture => new
        {
            features = Named(Described(architecture).Features),
            baselines = Named(Described(architecture).Baselines),
        })));
        folder.Write("driver.py", Driver);

        var lines = Run(folder).Select(line => JsonSerializer.Deserialize<double[]>(line)!).ToList();
        var scores = Proxies.Index().ToDictionary(at => at.Item, at => lines[at.Index]);
        var expected = PredictorScores.Of(Group, architectures, Described, proxy => scores[proxy]);
        Assert.Equal(expected, lines[2]);
        Assert.True(expected.Distinct().Count() > 3);
    }

    [Fact]
    public void One_proxy_alone_is_its_own_module()
    {
        var formula = new ProxyFormula(
            Proxies[1].Proxy, LayerReduction.Last, Reduction.Sum, Reduction.Sum, Probe.Weights, Probe.Combine);
        Assert.Equal(
            PythonExport.Write(formula, InputMaking.Of("gpt2", Probe)),
            PythonPredictorExport.Write(new Predictor("one", "gpt2", PredictorGroup.MeanRank(Proxies[1]), Probe)));
    }

    [Fact]
    public void Each_proxy_among_several_says_how_its_inputs_come_about()
    {
        var module = PythonPredictorExport.Write(new Predictor("both", "gpt2", PredictorGroup.MeanRank([.. Proxies]), Probe));
        Assert.Equal(1 + Proxies.Length, module.Split("the mean cross entropy of the next token").Length);
    }

    [Fact]
    public void Without_proxies_there_is_no_tensor_library_and_the_numbers_are_named()
    {
        var module = PythonPredictorExport.Write(new Predictor("deep", "gpt2", PredictorGroup.Lexicographic(
            new FeaturePart("layers"), new BaselinePart("parameters"))));
        Assert.DoesNotContain("import torch", module, StringComparison.Ordinal);
        Assert.Contains("\"features\": a number by each of the names \"layers\"", module, StringComparison.Ordinal);
        Assert.Contains("\"baselines\": a number by each of the names \"parameters\"", module, StringComparison.Ordinal);
    }

    private static Structure Described(Architecture architecture) => new()
    {
        Features = [new("layers", architecture.Genotype.LayerCount)],
        Baselines = [new("parameters \"outside\"", 100 * architecture.Genotype.HiddenSize)],
        MainBaseline = "parameters",
    };

    private static Dictionary<string, double> Named(ImmutableArray<NamedValue> values) =>
        values.ToDictionary(value => value.Name, value => value.Value);

    private static string[] Run(TemporaryFolder folder)
    {
        using var process = Process.Start(new ProcessStartInfo(PythonFactAttribute.Python, [folder.File("driver.py"), folder.Path])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var lines = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, string.Create(CultureInfo.InvariantCulture, $"{process.ExitCode}: {errors.Result}"));
        return lines;
    }
}
