using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using LPZero.GpuNode.Devices;
using LPZero.GpuNode.Evaluation;
using LPZero.GpuNode.Proxies;
using LPZero.GpuNode.Spaces;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;

namespace LPZero.GpuNode.SelfTest;

/// <summary>
/// Whether a device computes what it should: agreement with the CPU, the same bits twice, and how fast each evaluator is there.
/// Takes seconds, and on a GPU about a gigabyte of its memory.
/// </summary>
public static class DeviceSelfTest
{
    private const string Proxies = "proxies";

    // Sums on a GPU run in another order, over matrix products of another library.
    private const double Relative = 2e-3;
    private const double Absolute = 1e-6;

    // Operations that do not stretch what cancellation left over, as inverting and taking logarithms do: float32 determines their means.
    private static readonly ImmutableArray<UnaryOperation> WellConditioned =
    [
        UnaryOperation.Abs, UnaryOperation.Square, UnaryOperation.Exp, UnaryOperation.Relu, UnaryOperation.FrobeniusNorm,
        UnaryOperation.L1Norm, UnaryOperation.Softmax, UnaryOperation.Sigmoid, UnaryOperation.LogSoftmax, UnaryOperation.Std,
    ];

    /// <summary>Runs the checks one after another.</summary>
    /// <param name="device">What to test: <c>cpu</c> or <c>cuda:N</c>.</param>
    /// <exception cref="TorchUnavailableException">libtorch does not load, or the device is not there.</exception>
    public static IEnumerable<SelfTestCheck> Run(string device)
    {
        yield return new SelfTestCheck("device", true, TorchStartup.Check(device).ToString());
        var names = device == "cpu" ? TermEvaluators.Names : TermEvaluators.NamesOnCuda;
        foreach (var name in names)
        {
            yield return Agreement(device, name);
            yield return Repeatable(device, name);
        }

        yield return Agreement(Proxies, "scores", Scores("cpu"), Scores(device));
        yield return Repeatable(Proxies, "scores", Scores(device), Scores(device));

        var baseline = Throughput(device, TermEvaluators.OpByOp);
        yield return baseline.Check;
        foreach (var name in names.Where(name => name != TermEvaluators.OpByOp))
        {
            var (check, seconds) = Throughput(device, name);
            yield return check with { Detail = $"{check.Detail}, {Text(baseline.Seconds / seconds, "F1")} x {TermEvaluators.OpByOp}" };
        }
    }

    /// <summary>Terms of networks with a layer of every kind, by an evaluator on the device and op by op on the CPU.</summary>
    private static SelfTestCheck Agreement(string device, string evaluator)
    {
        var wanted = Wanted([.. WellConditioned.Select(operation => Chain.Of(operation))]);
        return Agreement(evaluator, "terms", Means("cpu", TermEvaluators.OpByOp, wanted), Means(device, evaluator, wanted));
    }

    private static SelfTestCheck Agreement(string of, string what, double[] expected, double[] actual)
    {
        var distances = expected.Zip(actual).Select(pair => Distance(pair.First, pair.Second)).ToList();
        var (worst, wrong) = (distances.Max(), distances.Count(distance => distance > 1));
        return new SelfTestCheck(
            $"agreement-{of}", wrong == 0,
            string.Create(CultureInfo.InvariantCulture,
                $"{expected.Length - wrong} of {expected.Length} {what} agree with the CPU (the farthest at {worst:G2} of the tolerance)"),
            wrong == 0 ? null : "do not compute with this device: compare drivers and libtorch with a machine where it passes");
    }

    // In units of the tolerance. Infinities and NaN agree with themselves, and with nothing else.
    private static double Distance(double expected, double actual) =>
        expected.Equals(actual) ? 0
        : !double.IsFinite(expected) || !double.IsFinite(actual) ? double.PositiveInfinity
        : Math.Abs(expected - actual) / ((Relative * Math.Abs(expected)) + Absolute);

    /// <summary>The same request to two hosts, one after the other.</summary>
    private static SelfTestCheck Repeatable(string device, string evaluator)
    {
        var wanted = Wanted(device == "cpu" ? 1 : 2);
        return Repeatable(evaluator, "terms", Means(device, evaluator, wanted), Means(device, evaluator, wanted));
    }

    private static SelfTestCheck Repeatable(string of, string what, double[] once, double[] again)
    {
        var different = once.Zip(again)
            .Count(pair => BitConverter.DoubleToInt64Bits(pair.First) != BitConverter.DoubleToInt64Bits(pair.Second));
        return new SelfTestCheck(
            $"same-bits-{of}", different == 0,
            string.Create(CultureInfo.InvariantCulture, $"{once.Length - different} of {once.Length} {what} have the same bits again"),
            different == 0 ? null : "runs on this device cannot be repeated bit for bit: report it with the output of lpzero doctor");
    }

    /// <summary>
    /// All chains of two operations on all six inputs of a network: on a GPU of 6 layers, 256 wide, with 8 x 128 tokens; on a CPU of 2
    /// layers, 64 wide, with 1 x 32.
    /// </summary>
    private static (SelfTestCheck Check, double Seconds) Throughput(string device, string evaluator)
    {
        using var host = Host(device, evaluator);
        var wanted = Wanted(2);

        // Libraries load and kernels are chosen on the first use.
        host.Evaluate(new TermRequest(1, 1, SearchSpaces.Known.SamplesOf(SampleSize.Small).First(), Wanted(1)));
        var target = SearchSpaces.Known.SamplesOf(device == "cpu" ? SampleSize.Medium : SampleSize.Large).First();
        var (building, seconds) = (0.0, 0.0);
        var terms = 0;
        void Work()
        {
            var watch = Stopwatch.StartNew();
            host.Load(target);
            Wait(device);
            building = watch.Elapsed.TotalSeconds;
            watch.Restart();
            terms = host.Evaluate(new TermRequest(1, 1, target, wanted)).Blocks.Sum(block => block.Chains.Length);
            seconds = watch.Elapsed.TotalSeconds;
        }

        string memory;
        if (new Device(device) is { type: DeviceType.CUDA } cuda)
        {
            memory = DeviceMemory.PeakDuring(Work, cuda.index) is { } peak
                ? $", {DeviceMemory.Text(peak)} of the device in use at most"
                : "";
        }
        else
        {
            Work();
            memory = $", {DeviceMemory.Text(Process.GetCurrentProcess().PeakWorkingSet64)} of this process at most";
        }

        var detail = string.Create(CultureInfo.InvariantCulture,
            $"{terms} terms of one network at {target.Probe.BatchSize} x {target.Probe.SequenceLength} in {seconds:F3} s " +
            $"({terms / seconds:F0}/s), built in {building:F3} s{memory}");
        return (new SelfTestCheck($"throughput-{evaluator}", true, detail), seconds);
    }

    private static void Wait(string device)
    {
        if (device != "cpu")
        {
            cuda.synchronize(new Device(device));
        }
    }

    private static double[] Means(string device, string evaluator, ImmutableArray<ChainSet> wanted)
    {
        using var host = Host(device, evaluator);
        return
        [
            .. SearchSpaces.Known.SamplesOf(SampleSize.Small).SelectMany(target =>
                host.Evaluate(new TermRequest(1, 1, target, wanted)).Blocks.SelectMany(block => block.Means.ToArray())),
        ];
    }

    /// <summary>What all proxies that people designed say of the small networks; NaN where one is not defined.</summary>
    private static double[] Scores(string device)
    {
        using var host = Host(device, TermEvaluators.OpByOp);
        return
        [
            .. SearchSpaces.Known.SamplesOf(SampleSize.Small).SelectMany(target =>
                host.Score(target, DesignedProxies.All.Select(proxy => proxy.Id)).Select(score => score.Value ?? double.NaN)),
        ];
    }

    private static ArchitectureHost Host(string device, string evaluator) =>
        new(TermEvaluators.Factory(evaluator, OpByOpEvaluator.DefaultMemoryBudget)(), long.MaxValue, new Device(device));

    // All chains of so many operations, or some chains, of every input.
    private static ImmutableArray<ChainSet> Wanted(int operations) =>
        Wanted([.. Chain.All(operations).Where(chain => !chain.Contains(UnaryOperation.Disconnect))]);

    private static ImmutableArray<ChainSet> Wanted(ImmutableArray<Chain> chains) =>
        [.. Enum.GetValues<InputKind>().Select(input => new ChainSet(input, chains))];

    private static string Text(double number, string format) => number.ToString(format, CultureInfo.InvariantCulture);
}
