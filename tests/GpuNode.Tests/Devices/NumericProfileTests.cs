using LPZero.GpuNode.Devices;

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
    public void The_CPU_has_no_model() =>
        Assert.Equal("cpu", NumericProfile.Kind(DeviceType.CPU, -1, _ => throw new InvalidOperationException("nobody asks a driver")));
}
