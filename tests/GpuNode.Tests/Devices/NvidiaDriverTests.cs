using LPZero.GpuNode.Devices;

namespace LPZero.GpuNode.Tests.Devices;

public sealed class NvidiaDriverTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("lpzero-driver");

    [Fact]
    public void A_machine_without_a_driver_has_no_version()
    {
        var absent = Path.Combine(folder.FullName, "absent");
        Assert.Null(NvidiaDriver.Version(absent));
    }

    [Fact]
    public void The_version_is_the_drivers_own_line_without_its_gaps()
    {
        File.WriteAllText(Path.Combine(folder.FullName, "version"),
            "NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.54.15  Tue Mar  5\nGCC version:  12\n");
        Assert.Equal("NVRM version: NVIDIA UNIX x86_64 Kernel Module 550.54.15 Tue Mar 5", NvidiaDriver.Version(folder.FullName));
    }

    public void Dispose() => folder.Delete(recursive: true);
}
