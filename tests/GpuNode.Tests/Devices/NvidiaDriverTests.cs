using LPZero.GpuNode.Devices;

namespace LPZero.GpuNode.Tests.Devices;

public sealed class NvidiaDriverTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("lpzero-driver");

    [Fact]
    public void A_machine_without_a_driver_has_no_version_and_no_models()
    {
        var absent = Path.Combine(folder.FullName, "absent");
        Assert.Null(NvidiaDriver.Version(absent));
        Assert.Equal("", NvidiaDriver.Models(absent));
    }

    [Fact]
    public void The_version_is_the_drivers_own_line_without_its_gaps()
    {
        File.WriteAllText(Path.Combine(folder.FullName, "version"), "NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.54.15  Tue Mar  5\nGCC version:  12\n");
        Assert.Equal("NVRM version: NVIDIA UNIX x86_64 Kernel Module 550.54.15 Tue Mar 5", NvidiaDriver.Version(folder.FullName));
    }

    [Fact]
    public void Every_model_is_named_once()
    {
        foreach (var (bus, model) in new[] { ("0000:01:00.0", "NVIDIA H100 80GB HBM3"), ("0000:41:00.0", "NVIDIA A100-SXM4-40GB"), ("0000:81:00.0", "NVIDIA A100-SXM4-40GB") })
        {
            var device = folder.CreateSubdirectory(Path.Combine("gpus", bus));
            File.WriteAllText(Path.Combine(device.FullName, "information"), $"Model: \t\t {model}\nIRQ:   \t\t 17\nGPU UUID: \t GPU-0\n");
        }

        Assert.Equal("NVIDIA A100-SXM4-40GB and NVIDIA H100 80GB HBM3", NvidiaDriver.Models(folder.FullName));
    }

    public void Dispose() => folder.Delete(recursive: true);
}
