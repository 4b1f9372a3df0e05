using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Net;
using LPZero.Seed.Control;

namespace LPZero.Seed.CommandLine.Cluster;

/// <summary>The options that say where a process has its control API, and under which certificate.</summary>
internal sealed class ApiOptions
{
    /// <summary>The port where none is named.</summary>
    public const int DefaultPort = 4054;

    /// <summary>What to give where no control API is wanted.</summary>
    public const string None = "none";

    private readonly Option<string> address;

    private readonly Option<string?> certificate = new("--tls-certificate")
    {
        Description = "PEM file of the certificate under which the control API answers (default: it answers in the clear)",
        HelpName = "FILE",
    };

    private readonly Option<string?> key = new("--tls-key")
    {
        Description = "PEM file of the certificate's key (default: it is in the same file)", HelpName = "FILE",
    };

    /// <param name="where">What the address is of.</param>
    public ApiOptions(string where) => address = new Option<string>("--control")
    {
        Description = $"{where}; beyond this machine it needs a token in {ApiSecurity.TokenVariable}, " +
            $"or in the file that {ApiSecurity.TokenVariable}{ApiSecurity.FileSuffix} names",
        HelpName = "ADDRESS:PORT",
        DefaultValueFactory = _ => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{DefaultPort}"),
    };

    /// <summary>All of them.</summary>
    public ImmutableArray<Option> All => [address, certificate, key];

    /// <summary>Whether an address was given, and is not the usual one.</summary>
    public bool IsGiven(ParseResult parsed) => CommonOptions.IsGiven(parsed, address);

    /// <summary>Where it listens; null where it does not.</summary>
    /// <exception cref="UsageException">That is no address.</exception>
    public (string Host, int Port)? Address(ParseResult parsed) =>
        parsed.GetValue(address) == None ? null : HostAndPort(address.Name, parsed.GetValue(address)!);

    /// <summary>Who may use it, and under which certificate it answers.</summary>
    /// <exception cref="UsageException">A key is given without its certificate.</exception>
    /// <exception cref="Messages.Control.SearchServiceException">A file cannot be used.</exception>
    public ApiSecurity Security(ParseResult parsed)
    {
        var (file, keyFile) = (parsed.GetValue(certificate), parsed.GetValue(key));
        return file is null && keyFile is not null
            ? throw new UsageException($"{key.Name} {keyFile}: give the certificate, too, with {certificate.Name}")
            : ApiSecurity.FromEnvironment(file, keyFile);
    }

    /// <summary>Says that beyond this machine it needs a token, before anything is begun.</summary>
    /// <param name="security">Who may use it.</param>
    /// <param name="host">Where it listens; null where it does not.</param>
    /// <exception cref="UsageException">It has none there.</exception>
    public static void Check(ApiSecurity security, string? host)
    {
        if (security.FindProblem(host) is { } problem)
        {
            throw new UsageException(problem);
        }
    }

    /// <summary>An address of this machine and a port.</summary>
    /// <exception cref="UsageException">That is none.</exception>
    public static (string Host, int Port) HostAndPort(string option, string text)
    {
        var colon = text.LastIndexOf(':');
        return colon > 0 && int.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port <= 65535
            && (text[..colon] == "localhost" || IPAddress.TryParse(text[..colon], out _))
                ? (text[..colon], port)
                : throw new UsageException(
                    $"{option} {text}: give an address and a port, " +
                    $"such as 127.0.0.1:{DefaultPort.ToString(CultureInfo.InvariantCulture)}");
    }
}
