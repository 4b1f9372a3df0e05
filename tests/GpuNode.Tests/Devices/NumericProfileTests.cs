using LPZero.GpuNode.Devices;
using LPZero.GpuNode.Evaluation;

namespace LPZero.GpuNode.Tests.Devices;

public sealed class NumericProfileTests
{
    private static readonly string[] Models = ["NVIDIA H100 80GB HBM3", "NVIDIA A100-SXM4-40GB"];

    [Theory]
    [InlineData(0, "cuda NVIDIA H100 80GB HBM3")]
    [InlineData(1, "cuda NVIDIA A100-SXM4-40GB")]
    public void A_CUDA_device_is_told_by_its_own_model_and_not_by_the_others_of_its_machine(int index, string kind) =>
        Assert.Equal(kind, NumericProfile.Kind(DeviceType.CUDA, index, number => Models[number]));

    [Fact]
    public void Bits_that_changed_on_CUDA_alone_have_another_profile_there_and_the_same_on_the_CPU()
    {
        Assert.Equal("segmented 2", NumericProfile.Operations(DeviceType.CPU, new SegmentedEvaluator()));
        Assert.Equal("segmented 2, operations 2", NumericProfile.Operations(DeviceType.CUDA, new SegmentedEvaluator()));
        Assert.Equal("op-by-op 2, operations 2", NumericProfile.Operations(DeviceType.CUDA, new OpByOpEvaluator()));
        Assert.EndsWith(", op-by-op 2", NumericProfile.Describe(CPU, new OpByOpEvaluator()), StringComparison.Ordinal);
    }

    [Fact]
    public void The_CPU_has_no_model() =>
        Assert.Equal("cpu", NumericProfile.Kind(DeviceType.CPU, -1, _ => throw new InvalidOperationException("nobody asks a driver")));
}
