using LPZero.Seed.Storage;

namespace LPZero.Cluster.Tests.Storage;

public sealed class PluginRestartsTests : ClusterTestKit
{
    [Fact]
    public void A_plugin_that_fails_again_and_again_waits_ever_longer_up_to_a_minute()
    {
        var waits = new List<double?> { PluginRestarts.Get(Sys, "journal").Wait?.TotalSeconds };
        for (var failure = 0; failure < 9; failure++)
        {
            // Each start is another actor.
            PluginRestarts.Get(Sys, "journal").Note(Sys, "the journal cannot work", new IOException("the database is away"));
            waits.Add(PluginRestarts.Get(Sys, "journal").Wait?.TotalSeconds);
        }

        Assert.Equal([null, 1, 2, 4, 8, 16, 32, 60, 60, 60], waits);
        Assert.Null(PluginRestarts.Get(Sys, "snapshot store").Wait);
        Assert.False(NodeHealth.Get(Sys).Hopeless.IsCompleted);
    }
}
