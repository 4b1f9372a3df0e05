using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using LPZero.Messages.Proxies;
using LPZero.Seed.Export;
using LPZero.Seed.Tests.Benchmarks;
using static TorchSharp.torch;

namespace LPZero.Seed.Tests.Export;

/// <summary>Scores of exported modules as Python computes them from tensors in files.</summary>
internal static class PythonScores
{
    private const string Driver = """
        import importlib, json, sys, torch
        torch.set_num_threads(1)
        folder = sys.argv[1]
        sys.path.insert(0, folder)
        networks = []
        for network in json.load(open(folder + "/networks.json")):
            inputs = {}
            for letter, layers in network.items():
                inputs[letter] = [[torch.frombuffer(bytearray(open(t["file"], "rb").read()), dtype=torch.float32).reshape(t["shape"])
                                   for t in layer] for layer in layers]
            networks.append(inputs)
        for i in range(int(sys.argv[2])):
            module = importlib.import_module(f"proxy_{i}")
            before = [t.clone() for n in networks for layers in n.values() for layer in layers for t in layer]
            print(*[repr(module.score(n)) for n in networks])
            after = [t for n in networks for layers in n.values() for layer in layers for t in layer]
            assert all(torch.equal(a.nan_to_num(7), b.nan_to_num(7)) for a, b in zip(before, after)), "an input was changed"
        """;

    /// <summary>[proxy][network]: the scores.</summary>
    public static double[][] Run(
        IReadOnlyList<ProxyFormula> proxies, IReadOnlyList<Func<InputKind, ImmutableArray<ImmutableArray<Tensor>>>> networks)
    {
        using var folder = new TemporaryFolder();
        foreach (var (index, proxy) in proxies.Index())
        {
            folder.Write(string.Create(CultureInfo.InvariantCulture, $"proxy_{index}.py"), PythonExport.Write(proxy, "Made somehow."));
        }

        var files = 0;
        var written = networks.Select(network => Enum.GetValues<InputKind>().ToDictionary(kind => kind.ToString(), kind =>
            network(kind)
                .Select(layer =>
                    layer.Select(tensor => Write(folder.File(string.Create(CultureInfo.InvariantCulture, $"{files++}.f32")), tensor))
                        .ToArray())
                .ToArray()))
            .ToArray();
        folder.Write("networks.json", JsonSerializer.Serialize(written));
        folder.Write("driver.py", Driver);

        using var process = Process.Start(new ProcessStartInfo(
            PythonFactAttribute.Python, [folder.File("driver.py"), folder.Path, proxies.Count.ToString(CultureInfo.InvariantCulture)])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var lines = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors.Result);
        return [.. lines.Select(line => line.Split(' ').Select(Parse).ToArray())];
    }

    private static object Write(string file, Tensor tensor)
    {
        File.WriteAllBytes(file, MemoryMarshal.AsBytes<float>(tensor.data<float>().ToArray()));
        return new { file, shape = tensor.shape };
    }

    private static double Parse(string word) => word switch
    {
        "nan" => double.NaN,
        "inf" => double.PositiveInfinity,
        "-inf" => double.NegativeInfinity,
        _ => double.Parse(word, CultureInfo.InvariantCulture),
    };
}
