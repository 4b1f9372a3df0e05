using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using LPZero.Messages.Control;

namespace LPZero.Seed.Control;

/// <summary>Who may use the control API, and under which certificate it answers.</summary>
public sealed record ApiSecurity
{
    /// <summary>Where the token is taken from, so that no list of processes shows it.</summary>
    public const string TokenVariable = "LPZERO_TOKEN";

    /// <summary>Where the token of those that may only read is taken from.</summary>
    public const string ReadTokenVariable = "LPZERO_READ_TOKEN";

    /// <summary>Behind the name of a variable: that of one which names a file that holds the value.</summary>
    public const string FileSuffix = "_FILE";

    /// <summary>What a request must carry that may do everything; null where everybody may.</summary>
    public string? Token { get; init; }

    /// <summary>What a request must carry that may only read; null where there is no such token.</summary>
    public string? ReadToken { get; init; }

    /// <summary>The server's certificate with its key; null where it answers in the clear.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>The certificates that a client may lack between the server's and the one it trusts.</summary>
    public X509Certificate2Collection Chain { get; init; } = [];

    /// <summary>The tokens as the environment has them, with a certificate from files in PEM form.</summary>
    /// <param name="certificate">The file of the certificate and of those that it was issued by; null where there is none.</param>
    /// <param name="key">The file of its key; null where it is in the same file.</param>
    /// <exception cref="SearchServiceException">A file cannot be used.</exception>
    public static ApiSecurity FromEnvironment(string? certificate = null, string? key = null) => new()
    {
        Token = Secret(TokenVariable),
        ReadToken = Secret(ReadTokenVariable),
        Certificate = certificate is null ? null : PemFiles.Certificate(certificate, key),
        Chain = certificate is null ? [] : PemFiles.Certificates(certificate),
    };

    /// <summary>A value that only its user should see: of a variable, or of the file that the variable with the suffix names.</summary>
    /// <returns>Null where neither is set.</returns>
    /// <exception cref="SearchServiceException">The file cannot be read or is empty.</exception>
    public static string? Secret(string variable)
    {
        if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value)
        {
            return value;
        }

        if (Environment.GetEnvironmentVariable(variable + FileSuffix) is not { Length: > 0 } file)
        {
            return null;
        }

        try
        {
            return File.ReadAllText(file).Trim() is { Length: > 0 } secret
                ? secret
                : throw new SearchServiceException($"{variable}{FileSuffix}: {file} is empty: write the token into it");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new SearchServiceException($"{variable}{FileSuffix}: {file} cannot be read ({problem.Message})");
        }
    }

    /// <summary>Refuses to listen beyond this machine without a token.</summary>
    /// <param name="host">Where it listens; null where it does not.</param>
    /// <exception cref="SearchServiceException">No token is set.</exception>
    public void Check(string? host)
    {
        if (FindProblem(host) is { } problem)
        {
            throw new SearchServiceException(problem);
        }
    }

    /// <summary>Why it must not listen there, in one line: beyond this machine a token is needed. Null where it may.</summary>
    /// <param name="host">Where it listens; null where it does not.</param>
    public string? FindProblem(string? host) =>
        host is not null && Token is null && !IsLoopback(host)
            ? $"the control API on {host} can be reached from other machines: set a token in {TokenVariable}, or listen on 127.0.0.1"
        : ReadToken is not null && Token is null
            ? $"{ReadTokenVariable} is set without {TokenVariable}: set both, or nobody would be refused"
        : null;

    /// <summary>Whether a name or an address is this machine's alone.</summary>
    public static bool IsLoopback(string host) =>
        host == "localhost" || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    /// <summary>Compares in a time that says nothing of where two tokens differ, or how long the right one is.</summary>
    internal static bool AreSame(string given, string? token) => CryptographicOperations.FixedTimeEquals(
        SHA256.HashData(Encoding.UTF8.GetBytes(given)), SHA256.HashData(Encoding.UTF8.GetBytes(token ?? ""))) && token is not null;
}
