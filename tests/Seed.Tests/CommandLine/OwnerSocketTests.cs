using System.Net.Sockets;
using LPZero.Messages.Control;
using LPZero.Seed.CommandLine.Cluster;
using LPZero.Seed.Control;

namespace LPZero.Seed.Tests.CommandLine;

/// <summary>The socket of a run's owner with its client.</summary>
public sealed class OwnerSocketTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("lpzero-socket-").FullName;

    private string SocketPath => Path.Combine(folder, "lpzero", "socket");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Another_process_reaches_the_service_and_nobody_but_the_user_may()
    {
        Assert.Null(await HttpSearchService.ToOwnerAsync(SocketPath, CancellationToken.None));
        var service = new RecordingService();
        await using (var listening = await ControlSocket.ListenAsync(SocketPath, service))
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(SocketPath));
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
                File.GetUnixFileMode(Path.GetDirectoryName(SocketPath)!));
            using var client = await HttpSearchService.ToOwnerAsync(SocketPath, CancellationToken.None);
            Assert.Equal("127.0.0.1:4053", (await client!.NodesAsync(CancellationToken.None)).Single().Address);
            await client.DeleteAsync("first", CancellationToken.None);
            Assert.Equal(["Nodes", "Delete"], service.Calls);
        }

        Assert.Null(await HttpSearchService.ToOwnerAsync(SocketPath, CancellationToken.None));
        Assert.False(File.Exists(SocketPath));
    }

    [Fact]
    public async Task What_a_dead_process_has_left_is_no_owner_and_is_replaced()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(SocketPath)!);
        using (var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            dead.Bind(new UnixDomainSocketEndPoint(SocketPath + "-elsewhere"));
            dead.Listen();
            // Where it was bound its end would remove it, as a kill does not.
            File.Move(SocketPath + "-elsewhere", SocketPath);
        }

        Assert.True(File.Exists(SocketPath));
        Assert.Null(await HttpSearchService.ToOwnerAsync(SocketPath, CancellationToken.None));
        await using var listening = await ControlSocket.ListenAsync(SocketPath, new RecordingService());
        using var client = await HttpSearchService.ToOwnerAsync(SocketPath, CancellationToken.None);
        Assert.NotNull(client);
    }

    [Fact]
    public async Task A_path_that_no_socket_can_have_is_named_with_the_mend()
    {
        var problem = await Assert.ThrowsAsync<SearchServiceException>(
            () => ControlSocket.ListenAsync(Path.Combine(folder, new string('x', 120)), new RecordingService()));
        Assert.Contains("XDG_RUNTIME_DIR", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_run_of_each_database_has_a_socket_of_its_own_with_a_short_path()
    {
        var paths = new[]
        {
            ("/a/x.db", "run"), ("/a/x.db", "other"), ("/b/x.db", "run"),
        }.Select(owner => ControlSocket.PathOf(owner.Item1, owner.Item2)).ToList();
        Assert.Equal(paths.Count, paths.Distinct().Count());
        Assert.All(paths, path => Assert.InRange(Path.GetFileName(path).Length, 1, 24));
    }
}
