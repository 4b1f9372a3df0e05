using LPZero.Seed.Storage;

namespace LPZero.Cluster.Tests.Storage;

public sealed class NetworkFilesystemTests
{
    private const string Mounts = """
        22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
        30 22 0:45 / /home rw,nosuid shared:20 - nfs4 filer:/home rw,vers=4.2
        31 30 254:1 / /home/scratch rw shared:21 - xfs /dev/vdb rw
        32 22 0:46 / /mnt/my\040share rw shared:22 - cifs //server/share rw
        33 22 0:47 / /mnt/remote rw shared:23 - fuse.sshfs me@host: rw
        34 22 0:48 / /data rw - lustre 10.0.0.1@tcp:/data rw
        """;

    [Theory]
    [InlineData("/var/lib/lpzero.db", null)]
    [InlineData("/home/me/lpzero.db", "nfs4")]
    [InlineData("/homes/lpzero.db", null)]
    [InlineData("/home/scratch/lpzero.db", null)]
    [InlineData("/mnt/my share/lpzero.db", "cifs")]
    [InlineData("/mnt/remote/lpzero.db", "fuse.sshfs")]
    [InlineData("/data/lpzero.db", "lustre")]
    public void The_mount_that_a_file_is_on_says_whether_it_is_on_a_network(string file, string? kind) =>
        Assert.Equal(kind, NetworkFilesystem.Of(file, Mounts));

    [Fact]
    public void A_file_of_this_machine_is_on_none() =>
        Assert.Null(NetworkFilesystem.Of(Path.Combine(Path.GetTempPath(), "no-folder-yet", "lpzero.db")));
}
