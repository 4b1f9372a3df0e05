using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using LPZero.Messages.Control;

namespace LPZero.Seed.Control;

/// <summary>Certificates in files in PEM form.</summary>
public static class PemFiles
{
    /// <summary>A certificate with its key.</summary>
    /// <param name="certificate">The file of the certificate.</param>
    /// <param name="key">The file of its key; null where it is in the same file.</param>
    /// <exception cref="SearchServiceException">One cannot be read, or the key is another's.</exception>
    public static X509Certificate2 Certificate(string certificate, string? key) =>
        Read(key is null ? certificate : $"{certificate} with {key}", () => X509Certificate2.CreateFromPemFile(certificate, key));

    /// <summary>
    /// All certificates of a file: those whose signature is trusted, or a server's own and those between it and the one that clients trust.
    /// </summary>
    /// <exception cref="SearchServiceException">The file cannot be read, or holds none.</exception>
    public static X509Certificate2Collection Certificates(string file) => Read(file, () =>
    {
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPemFile(file);
        return certificates.Count > 0 ? certificates : throw new CryptographicException("it holds no certificate");
    });

    /// <summary>Trust in what these authorities have issued, and in nothing else.</summary>
    public static X509ChainPolicy TrustIn(X509Certificate2Collection authorities)
    {
        // Who issues for a cluster of its own has no list of what is revoked: another authority is given instead.
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }

    /// <summary>Whether a certificate is valid now and was issued by one of the authorities.</summary>
    public static bool IsIssuedBy(X509Certificate2 certificate, X509Certificate2Collection authorities)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy = TrustIn(authorities);
        return chain.Build(certificate);
    }

    private static T Read<T>(string what, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception problem) when (problem is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new SearchServiceException($"{what}: no certificate in PEM form can be read from there ({problem.Message})");
        }
    }
}
