using LPZero.GpuNode.Proxies;

namespace LPZero.GpuNode.Tests.Proxies;

[Collection(LiveTensors.Name)]
public sealed class WeightScaleTests
{
    [Fact]
    public void The_example_of_the_docs_is_scored_as_any_other_proxy()
    {
        using var evidence = Evidence.OfDecoder();
        var score = Assert.Single(ProxyScoring.Of(evidence, [new WeightScale()]));
        Assert.Equal(evidence.Maps.SelectMany(map => Evidence.Numbers(map.Weight)).Average(Math.Abs), score.Value!.Value, 1e-9);
        Assert.Equal(1, evidence.Passes);
    }

    [Fact]
    public void The_docs_show_the_example_as_it_is_compiled()
    {
        if (Repository.Root is not { } root)
        {
            return;
        }

        var source = File.ReadAllText(Path.Combine(root, "tests", "GpuNode.Tests", "Proxies", "WeightScale.cs"));
        var shown = source[source.IndexOf("public sealed class", StringComparison.Ordinal)..].TrimEnd();
        Assert.Contains(shown, File.ReadAllText(Path.Combine(root, "docs", "proxies.md")), StringComparison.Ordinal);
    }
}
