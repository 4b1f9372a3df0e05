using System.Security.Cryptography.X509Certificates;
using Akka.Event;
using Akka.Remote.Transport.DotNetty;
using LPZero.Seed.Control;

namespace LPZero.Seed.Hosting;

/// <summary>
/// Mutual TLS on the cluster port: a node shows its certificate to whoever connects and to whomever it connects to, and speaks only with
/// those whose own is valid and was issued by the authorities. Nodes come and go by the address, so that names are not looked at.
/// </summary>
/// <param name="Certificate">The node's certificate with its key.</param>
/// <param name="Authorities">Those who issue the certificates of the cluster's nodes; nobody else whom the machine trusts.</param>
public sealed record ClusterTls(X509Certificate2 Certificate, X509Certificate2Collection Authorities)
{
    /// <summary>Turns it on; <see cref="Setup"/> says how.</summary>
    internal const string Settings = "akka.remote.dot-netty.tcp.enable-ssl = on";

    /// <summary>How an actor system's port works then.</summary>
    internal DotNettySslSetup Setup => new(
        Certificate, suppressValidation: false, requireMutualAuthentication: true, customValidator: (certificate, _, peer, _, log) =>
        {
            var isKnown = certificate is not null && PemFiles.IsIssuedBy(certificate, Authorities);
            if (!isKnown)
            {
                log.Warning(
                    "{0} is refused: its certificate ({1}, valid until {2}) is not valid, or not of the cluster's authorities",
                    peer, certificate?.Subject ?? "none", certificate?.NotAfter);
            }

            return isKnown;
        });
}
