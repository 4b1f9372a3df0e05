using LPZero.Seed.CommandLine;

namespace LPZero.Seed.Tests.CommandLine;

public sealed class DevicesWithRoomTests
{
    [Theory]
    [InlineData("cuda:0 cuda:0 cuda:1 cuda:1", 140, 70, "cuda:0 cuda:1")]
    [InlineData("cuda:0 cuda:0 cuda:1 cuda:1", 139, 70, "")]
    [InlineData("cuda:0 cuda:0 cuda:1 cuda:1", 140, 35, "cuda:0 cuda:0 cuda:1 cuda:1")]
    [InlineData("cuda:0 cuda:0 cuda:0 cuda:1", 160, 40, "cuda:0 cuda:1 cuda:0")]
    [InlineData("cuda:1 cuda:1 cuda:1 cuda:0 cuda:0 cuda:0", 100, 20, "cuda:1 cuda:0 cuda:1 cuda:0")]
    [InlineData("cuda:0 cuda:1", 100, 60, "")]
    [InlineData("cuda:0 cuda:0 cuda:0", 100, 50, "cuda:0 cuda:0")]
    [InlineData("cpu cpu cpu cpu", 100, 30, "cpu cpu cpu")]
    [InlineData("cpu cpu", 4_000_000_000_000, 1, "cpu cpu")]
    public void No_device_gets_more_networks_than_fit_into_its_part(string devices, long bytes, long needed, string expected) =>
        Assert.Equal(expected, string.Join(' ', DevicesWithRoom.Of([.. devices.Split(' ')], bytes, needed)));
}
