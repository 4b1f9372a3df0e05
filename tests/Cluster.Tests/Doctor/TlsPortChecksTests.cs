using System.Globalization;
using LPZero.Cluster.Tests.Control;
using LPZero.Seed.Control;
using LPZero.Seed.Doctor;

namespace LPZero.Cluster.Tests.Doctor;

public sealed class TlsPortChecksTests
{
    [Fact]
    public async Task The_ports_of_a_node_that_answers_under_a_certificate_are_in_order()
    {
        using var authority = new MadeUpAuthority();
        await using var served = await ServedRuns.StartAsync(
            held: true, security: new ApiSecurity { Certificate = PemFiles.Certificate(authority.Issue("server"), key: null) });
        var port = new Uri(served.Url).Port;

        var check = await PortChecks.RunAsync(cluster: port, control: port);

        Assert.Equal((true, $"a node answers on port {port.ToString(CultureInfo.InvariantCulture)}"), (check.Ok, check.Detail));
    }
}
