using LPZero.Seed.Doctor;

namespace LPZero.Seed.Tests.Doctor;

public sealed class MachineChecksTests
{
    [Theory]
    [InlineData("9.0.100 10.0.101", true, true, ".NET SDK 10.0.101")]
    [InlineData("8.0.100 9.0.100", true, false, ".NET SDK 8.0.100, 9.0.100")]
    [InlineData("", true, false, "no .NET SDK beside the runtime")]
    [InlineData("", false, true, "none beside the runtime; the program that runs needs none")]
    public void The_SDK_is_needed_where_the_sources_are(string versions, bool isFromSource, bool ok, string detail)
    {
        var check = MachineChecks.Sdk(versions.Split(' ', StringSplitOptions.RemoveEmptyEntries), isFromSource);
        Assert.Equal((ok, detail, !ok), (check.Ok, check.Detail, check.Mend is not null));
    }

    [Fact]
    public void Too_little_memory_or_disk_is_said_with_the_mend()
    {
        Assert.Equal((true, "16.0 GB for this process", null), (
            MachineChecks.Memory(16).Ok, MachineChecks.Memory(16).Detail, MachineChecks.Memory(16).Mend));
        Assert.Equal((false, "give the process at least 2 GB"), (MachineChecks.Memory(1.9).Ok, MachineChecks.Memory(1.9).Mend));
        Assert.Equal((false, "1.0 GB free at /here", "make room, or give another place with --db"), (
            MachineChecks.Disk("/here", 1).Ok, MachineChecks.Disk("/here", 1).Detail, MachineChecks.Disk("/here", 1).Mend));
    }
}
