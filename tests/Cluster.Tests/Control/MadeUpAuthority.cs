using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace LPZero.Cluster.Tests.Control;

/// <summary>Issues certificates, in files in PEM form.</summary>
internal sealed class MadeUpAuthority : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("lpzero-authority-").FullName;
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 certificate;

    public MadeUpAuthority()
    {
        var request = new CertificateRequest("CN=made-up authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-30), DateTimeOffset.UtcNow.AddDays(30));
        System.IO.File.WriteAllText(File, certificate.ExportCertificatePem());
    }

    /// <summary>The file of its own certificate.</summary>
    public string File => Path.Combine(folder, "authority.pem");

    /// <summary>Issues a certificate for this machine, and returns the file with it and its key.</summary>
    /// <param name="name">Whose it is.</param>
    /// <param name="isExpired">Whether it is valid no more.</param>
    public string Issue(string name, bool isExpired = false)
    {
        using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", own, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(
            [new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], critical: false));
        var now = DateTimeOffset.UtcNow;
        using var issued = request.Create(
            certificate, now.AddDays(-20), isExpired ? now.AddDays(-1) : now.AddDays(20), Guid.NewGuid().ToByteArray());
        var file = Path.Combine(folder, $"{name}.pem");
        System.IO.File.WriteAllText(file, $"{issued.ExportCertificatePem()}\n{own.ExportPkcs8PrivateKeyPem()}\n");
        return file;
    }

    public void Dispose()
    {
        certificate.Dispose();
        key.Dispose();
        Directory.Delete(folder, recursive: true);
    }
}
