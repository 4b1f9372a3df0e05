using System.Globalization;
using System.Net;
using System.Net.Sockets;
using LPZero.Seed.Doctor;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace LPZero.Seed.Tests.Doctor;

public sealed class PortChecksTests
{
    [Fact]
    public async Task A_port_that_somebody_listens_on_is_named_with_the_mend_until_it_is_free()
    {
        using var taken = new TcpListener(IPAddress.Loopback, port: 0);
        using var freed = new TcpListener(IPAddress.Loopback, port: 0);
        taken.Start();
        freed.Start();
        var (port, free) = (((IPEndPoint)taken.LocalEndpoint).Port, ((IPEndPoint)freed.LocalEndpoint).Port);
        freed.Stop();

        var check = await PortChecks.RunAsync(cluster: port, control: free);

        Assert.Equal(("ports", false), (check.Name, check.Ok));
        Assert.Contains($"port {port.ToString(CultureInfo.InvariantCulture)} of 127.0.0.1", check.Detail, StringComparison.Ordinal);
        Assert.NotNull(check.Mend);
        taken.Stop();
        check = await PortChecks.RunAsync(cluster: port, control: free);
        Assert.True(check.Ok, check.Detail);
    }

    [Fact]
    public async Task The_ports_of_a_node_that_runs_are_in_order()
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var node = builder.Build();
        node.MapGet("/health/live", () => Results.Ok());
        await node.StartAsync();
        var port = new Uri(node.Urls.Single()).Port;

        var check = await PortChecks.RunAsync(cluster: port, control: port);

        Assert.Equal((true, $"a node answers on port {port.ToString(CultureInfo.InvariantCulture)}"), (check.Ok, check.Detail));
    }
}
