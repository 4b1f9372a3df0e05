using LPZero.GpuNode.Devices;
using LPZero.GpuNode.Evaluation;
using LPZero.GpuNode.SelfTest;
using LPZero.GpuNode.Tests.Cuda;

namespace LPZero.GpuNode.Tests.SelfTest;

public sealed class DeviceSelfTestTests
{
    [Fact]
    public void The_CPU_passes_with_each_evaluator() => Passes("cpu", TermEvaluators.Names);

    [CudaFact]
    [Trait("Category", "Cuda")]
    public void A_CUDA_device_passes_with_each_evaluator_that_computes_there() =>
        Passes(CudaFactAttribute.Device, TermEvaluators.NamesOnCuda);

    [Fact]
    public void A_device_that_is_not_there_is_refused() =>
        Assert.Throws<TorchUnavailableException>(() => DeviceSelfTest.Run("cuda:99").ToList());

    private static void Passes(string device, IReadOnlyList<string> evaluators)
    {
        var checks = DeviceSelfTest.Run(device).ToList();
        Assert.All(checks, check => Assert.True(check.Ok, $"{check.Name}: {check.Detail}"));
        Assert.Equal(
            evaluators.SelectMany(name => new[] { $"agreement-{name}", $"same-bits-{name}", $"throughput-{name}" }).Prepend("device")
                .Concat(["agreement-proxies", "same-bits-proxies"]).Order(StringComparer.Ordinal),
            checks.Select(check => check.Name).Order(StringComparer.Ordinal));
    }
}
