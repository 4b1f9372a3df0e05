using LPZero.GpuNode.Devices;

namespace LPZero.GpuNode.Tests.Devices;

public sealed class TorchStartupTests
{
    [Fact]
    public void The_check_names_library_device_and_driver()
    {
        var startup = TorchStartup.Check("cpu");
        Assert.Contains($"libtorch {LibTorch.Load().Version}", startup.ToString(), StringComparison.Ordinal);
        Assert.Contains("device: cpu", startup.ToString(), StringComparison.Ordinal);
        Assert.Contains("NVIDIA driver: ", startup.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_that_is_not_there_is_refused_with_a_remedy()
    {
        var refused = Assert.Throws<TorchUnavailableException>(() => TorchStartup.Check("cuda:99"));
        Assert.StartsWith("cuda:99: ", refused.Message, StringComparison.Ordinal);
    }
}
