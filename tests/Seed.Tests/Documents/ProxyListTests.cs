using LPZero.GpuNode.Proxies;

namespace LPZero.Seed.Tests.Documents;

public sealed class ProxyListTests
{
    [Fact]
    public void The_readme_names_every_proxy_that_people_designed()
    {
        var readme = File.ReadAllText(Path.Combine(Repository.Root!, "README.md"));
        Assert.All(DesignedProxies.All, proxy => Assert.Contains($"`{proxy.Id}`", readme, StringComparison.Ordinal));
    }
}
