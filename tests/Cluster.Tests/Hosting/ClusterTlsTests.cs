using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Remote;
using LPZero.Cluster.Tests.Control;
using LPZero.Seed.Control;
using LPZero.Seed.Hosting;

namespace LPZero.Cluster.Tests.Hosting;

/// <summary>Two actor systems that speak with one another under certificates, or do not.</summary>
public sealed class ClusterTlsTests : IDisposable
{
    private readonly MadeUpAuthority authority = new();
    private readonly MadeUpAuthority another = new();

    public void Dispose()
    {
        authority.Dispose();
        another.Dispose();
    }

    [Fact]
    public async Task Nodes_with_certificates_of_one_authority_speak_with_one_another() => Assert.True(await SpeakAsync(
        Of(authority, "one"), Of(authority, "two")));

    [Fact]
    public async Task A_certificate_of_another_authority_is_refused_by_whoever_is_called_and_by_whoever_calls()
    {
        Assert.False(await SpeakAsync(Of(authority, "one"), Of(another, "stranger")));
        Assert.False(await SpeakAsync(Of(another, "stranger"), Of(authority, "one")));
    }

    [Fact]
    public async Task An_expired_certificate_is_refused() => Assert.False(await SpeakAsync(
        Of(authority, "one"), new ClusterTls(
            PemFiles.Certificate(authority.Issue("old", isExpired: true), key: null), PemFiles.Certificates(authority.File))));

    [Fact]
    public async Task A_node_without_a_certificate_is_refused() => Assert.False(await SpeakAsync(Of(authority, "one"), null));

    private static ClusterTls Of(MadeUpAuthority issuer, string name) =>
        new(PemFiles.Certificate(issuer.Issue(name), key: null), PemFiles.Certificates(issuer.File));

    /// <summary>Whether the second system has an answer of the first; else their association has failed.</summary>
    private static async Task<bool> SpeakAsync(ClusterTls? first, ClusterTls? second)
    {
        using var listening = Start(first);
        using var calling = Start(second);
        using var inbox = Inbox.Create(calling);
        calling.EventStream.Subscribe(inbox.Receiver, typeof(RemotingLifecycleEvent));
        var address = ((ExtendedActorSystem)listening).Provider.DefaultAddress
            .WithProtocol(((ExtendedActorSystem)calling).Provider.DefaultAddress.Protocol);
        calling.ActorSelection(new RootActorPath(address) / "user").Tell(new Identify(1), inbox.Receiver);
        while (true)
        {
            switch (await inbox.ReceiveAsync(TimeSpan.FromMinutes(1)))
            {
                case ActorIdentity identity:
                    return identity.Subject is not null;
                case AssociationErrorEvent or DisassociatedEvent:
                    return false;
            }
        }
    }

    private static ActorSystem Start(ClusterTls? tls)
    {
        var settings = ConfigurationFactory.ParseString("""
            akka {
              stdout-loglevel = OFF
              loglevel = OFF
              actor.provider = remote
              remote.dot-netty.tcp { hostname = 127.0.0.1, port = 0 }
            }
            """);
        return tls is null
            ? ActorSystem.Create("tls", settings)
            : ActorSystem.Create("tls", ActorSystemSetup.Create(
                BootstrapSetup.Create().WithConfig(ConfigurationFactory.ParseString(ClusterTls.Settings).WithFallback(settings)),
                tls.Setup));
    }
}
