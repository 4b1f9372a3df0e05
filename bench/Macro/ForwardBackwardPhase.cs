using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using LPZero.GpuNode.Devices;
using LPZero.GpuNode.Spaces;
using LPZero.GpuNode.Spaces.FlexiBert;
using LPZero.Messages.Terms;

namespace LPZero.Bench.Macro;

/// <summary>
/// Forward and backward pass of one network, against the same model in plain PyTorch; one thread each, the two taking turns.
/// PyTorch must be the one on the same libtorch: a Python named in LPZERO_PYTHON, else /usr/bin/python3.
/// </summary>
internal static class ForwardBackwardPhase
{
    private const int Repetitions = 5;
    private static readonly string Python = Environment.GetEnvironmentVariable("LPZERO_PYTHON") ?? "/usr/bin/python3";

    public static IEnumerable<Row> Run(int runs, int batchSize, int length)
    {
        TorchThreads.UseOne();
        var layer = new FlexiBertLayer(MixingOperation.ScaledDotProduct, 4, 1024, 3);
        var target = new ProbedNetwork(
            new FlexiBertGenotype(256, [layer, layer, layer, layer]),
            new ProbeSettings(batchSize, length, WeightsSeed: 42, BatchSeed: 42, WeightSelection.All, FlexiBertSpace.PublicSizes));
        double ours = double.PositiveInfinity, theirs = double.PositiveInfinity;
        for (var run = 0; run < runs; run++)
        {
            ours = Math.Min(ours, Ours(target));
            if (Theirs(target) is not { } seconds)
            {
                yield return new Row("forward and backward", $"{ours * 1000:F1} ms", $"no PyTorch in {Python}", "", "at most 1.1 x");
                yield break;
            }

            theirs = Math.Min(theirs, seconds);
        }

        yield return new Row(
            $"forward and backward, 4 layers of hidden 256, {batchSize} x {length} tokens, one thread",
            $"{ours * 1000:F1} ms", $"PyTorch {theirs * 1000:F1} ms", $"{ours / theirs:F2} x its time", "at most 1.1 x");
    }

    private static double Ours(ProbedNetwork target)
    {
        using var scope = NewDisposeScope();
        var network = Network.Of(target, CPU);
        var weights = Enumerable.Range(0, network.Layers).Select(network.Draw).ToList();
        var embedded = network.Embed().requires_grad_();
        var differentiated = weights.SelectMany((layer, i) => network.Parameters(i)
            .Where(shape => shape.IsLinearMap).Select(shape => layer[shape.Name].requires_grad_())).ToList();
        return Timing.Best(Repetitions, () =>
        {
            using var inner = NewDisposeScope();
            var inputs = new List<Tensor>();
            var hidden = embedded;
            foreach (var (index, layer) in weights.Index())
            {
                inputs.Add(hidden);
                hidden = network.Forward(index, layer, hidden).Output;
            }

            autograd.grad([network.Loss(network.DrawForLoss(), hidden)], [.. inputs, .. differentiated]);
        });
    }

    private static double? Theirs(ProbedNetwork target)
    {
        var start = new ProcessStartInfo(Python)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "forward_backward.py"));
        using var process = Process.Start(start)!;
        process.StandardInput.Write(JsonSerializer.Serialize(new
        {
            batch = target.Probe.BatchSize,
            length = target.Probe.SequenceLength,
            hidden = target.Network.HiddenSize,
            repetitions = Repetitions,
            layers = ((FlexiBertGenotype)target.Network).Layers.Select(layer => new
            {
                heads = layer.Heads,
                feed_forwards = layer.FeedForwards,
                parameters = FlexiBertParameters.Layer(target.Network.HiddenSize, layer)
                    .Select(shape => new { name = shape.Name, shape = shape.Shape, differentiated = shape.IsLinearMap }),
            }),
        }));
        process.StandardInput.Close();
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? double.Parse(output, CultureInfo.InvariantCulture) : null;
    }
}
