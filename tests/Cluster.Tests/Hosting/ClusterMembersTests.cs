using System.Globalization;
using LPZero.Cluster.Tests.Control;
using LPZero.Cluster.Tests.Devices;
using LPZero.Cluster.Tests.Processes;
using LPZero.Messages.Control;
using LPZero.Seed.Control;
using LPZero.Seed.Hosting;
using LPZero.Seed.Storage;

namespace LPZero.Cluster.Tests.Hosting;

/// <summary>A cluster of two nodes as its operator sees it, over TLS.</summary>
public sealed class ClusterMembersTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly string folder = Directory.CreateTempSubdirectory("lpzero-members-").FullName;
    private readonly MadeUpAuthority authority = new();

    public void Dispose()
    {
        authority.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Members_that_know_one_another_by_their_certificates_are_listed_and_one_is_let_go()
    {
        var database = Path.Combine(folder, "lpzero.db");
        await using var shared = new Database(database);
        await shared.CreateTablesAsync();
        await using var coordinator = await InProcessNode.StartAsync(Options(ClusterNames.Coordinator), shared, devices: null);
        await using var other = new Database(database);
        await other.CreateTablesAsync();
        await using var gpu = await InProcessNode.StartAsync(Options(ClusterNames.Gpu), other, new FakeDevices());
        var service = coordinator.Service!;

        var seen = await UntilAsync(members => members.Members.Count(member => member.Status == "Up") == 2);
        Assert.Equal(seen.SelfNode, seen.Oldest);
        // The lowest address; all ports have five digits.
        Assert.Equal(seen.Members.Select(member => member.Node).Min(StringComparer.Ordinal), seen.Leader);
        Assert.StartsWith("akka.ssl.tcp://lpzero@127.0.0.1:", seen.SelfNode, StringComparison.Ordinal);
        Assert.Empty(seen.Unreachable);
        Assert.All(seen.Members, member => Assert.NotEqual("", member.NodeUid));
        var leaving = seen.Members.Single(member => member.Roles.Contains(ClusterNames.Gpu));

        Assert.Empty((await service.ShardsAsync(ClusterNames.Runs, default)).Regions); // no run was ever woken
        var unknown = await Assert.ThrowsAsync<SearchServiceException>(() => service.ShardsAsync("nothing", default));
        Assert.Equal((SearchFailure.Missing, "region"), (unknown.Failure, unknown.Field));
        var stranger = await Assert.ThrowsAsync<SearchServiceException>(
            () => service.ChangeMemberAsync("127.0.0.1:1", MemberOperation.Down, default));
        Assert.Equal((SearchFailure.Missing, "address"), (stranger.Failure, stranger.Field));

        Assert.Equal(
            leaving.Node, await service.ChangeMemberAsync(leaving.Node.Split('@')[1], MemberOperation.Leave, default));
        await UntilAsync(members => members.Members.Length == 1);

        async Task<ClusterMembership> UntilAsync(Func<ClusterMembership, bool> condition)
        {
            using var patience = new CancellationTokenSource(Patience);
            while (true)
            {
                if (await service.MembersAsync(default) is var members && condition(members))
                {
                    return members;
                }

                await Task.Delay(TimeSpan.FromMilliseconds(50), patience.Token);
            }
        }
    }

    private NodeOptions Options(string role)
    {
        var port = Ports.Free();
        return new NodeOptions
        {
            Roles = [role],
            Port = port,
            Tls = new ClusterTls(
                PemFiles.Certificate(authority.Issue($"node-{port.ToString(CultureInfo.InvariantCulture)}"), key: null),
                PemFiles.Certificates(authority.File)),
        };
    }
}
