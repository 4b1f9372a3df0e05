using Akka.TestKit.Xunit2;

namespace LPZero.Cluster.Tests;

/// <summary>An actor system with a journal in memory.</summary>
public abstract class ClusterTestKit() : TestKit(Settings)
{
    private const string Settings = """
        akka.loglevel = WARNING
        akka.test.single-expect-default = 30s
        akka.persistence.journal.plugin = "akka.persistence.journal.inmem"
        akka.persistence.snapshot-store.plugin = "akka.persistence.snapshot-store.inmem"
        """;
}
