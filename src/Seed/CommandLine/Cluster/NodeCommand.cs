using System.CommandLine;
using System.Globalization;
using System.Net;
using Akka.Hosting;
using LPZero.GpuNode.Devices;
using LPZero.Messages.Control;
using LPZero.Seed.Control;
using LPZero.Seed.Hosting;
using LPZero.Seed.Storage;
using LPZero.Seed.Telemetry;

namespace LPZero.Seed.CommandLine.Cluster;

/// <summary><c>lpzero node</c>: one process of a cluster.</summary>
internal static partial class NodeCommand
{
    /// <summary>The cluster port where none is given.</summary>
    public const int DefaultPort = 4053;

    /// <summary>Reads an option that says where a palette listens. Returns what adds the palette, or null where none is wanted.</summary>
    private delegate Action<AkkaConfigurationBuilder, Func<ISearchService>>? PaletteOption(ParseResult parsed);

    public static Command Create()
    {
        var roles = new Option<string>("--roles")
        {
            Description = "what the node does, separated by commas",
            HelpName = "coordinator,gpu",
            DefaultValueFactory = _ => "coordinator,gpu",
        };
        var join = new Option<string?>("--join")
        {
            Description = "nodes of the cluster, the same list for all, separated by commas; " +
                "without it the node joins those that live by the database, and begins a cluster where there are none",
            HelpName = "HOST:PORT",
        };
        var host = new Option<string>("--host")
        {
            Description = "address that the cluster port listens on", HelpName = "ADDRESS", DefaultValueFactory = _ => "127.0.0.1",
        };
        var publicHost = new Option<string?>("--public-host")
        {
            Description = "name or address that the other nodes reach this one by (default: --host)", HelpName = "HOST",
        };
        var port = new Option<int>("--port")
        {
            Description = "cluster port; 0 takes any free one", HelpName = "PORT", DefaultValueFactory = _ => DefaultPort,
        };
        var certificate = new Option<string?>("--cluster-certificate")
        {
            Description = "PEM file of the certificate by which the other nodes know this one, for TLS between nodes " +
                "(default: whoever reaches the cluster port is let in)",
            HelpName = "FILE",
        };
        var key = new Option<string?>("--cluster-key")
        {
            Description = "PEM file of that certificate's key (default: it is in the same file)", HelpName = "FILE",
        };
        var authorities = new Option<string?>("--cluster-ca")
        {
            Description = "PEM file of those who issue the certificates of the cluster's nodes", HelpName = "FILE",
        };
        var metrics = new Option<bool>("--metrics")
        {
            Description = $"serve metrics to Prometheus at {Exporting.MetricsPath} of the control address; where " +
                $"{TelemetryOptions.EndpointVariable} is set, metrics and traces are sent there by OTLP",
        };
        var logFormat = new LogFormatOption();
        var api = new ApiOptions(
            $"address of the control API on a coordinator, and of health and metrics, or {ApiOptions.None}; on a node that computes " +
            $"alone {ApiOptions.None} unless it is given");
        var unreachableAfter = new Option<double>("--unreachable-after")
        {
            Description = "a node that has been silent for so long is held unreachable",
            HelpName = "SECONDS",
            DefaultValueFactory = _ => 6,
        };
        var stableAfter = new Option<double>("--stable-after")
        {
            Description = "an unreachable node is removed when the cluster has looked the same for so long",
            HelpName = "SECONDS",
            DefaultValueFactory = _ => 15,
        };
        var database = new Option<string>("--db")
        {
            Description =
                "PostgreSQL connection string (Host=...;Database=...;Username=...), or a SQLite file where all nodes are on one machine",
            HelpName = "DATABASE",
            DefaultValueFactory = CommonOptions.Database().DefaultValueFactory!,
        };
        var devices = new DeviceOptions();
        devices.Memory.Description = "gigabytes that this process may take, on CUDA of the devices' memory all together; " +
            "the terms that it knows are at most 0.25 of them, on CUDA besides";
        var command = new DescribedCommand("node", "Be a node of a cluster until interrupted.",
            "node --roles coordinator,gpu --host 10.0.0.5 --join 10.0.0.5:4053 --db \"Host=db;Database=lpzero;Username=lpzero\"")
        {
            roles, join, host, publicHost, port, certificate, key, authorities, metrics, logFormat.Option, unreachableAfter, stableAfter,
            database,
        };
        foreach (var option in (IEnumerable<Option>)[.. api.All, .. devices.All])
        {
            command.Options.Add(option);
        }

        var palettes = new List<PaletteOption>();
        AddPbm(command, palettes);
        command.SetAction(async (parsed, interrupt) =>
        {
            var options = new NodeOptions
            {
                Roles = Roles(parsed.GetValue(roles)!),
                Host = parsed.GetValue(host)!,
                PublicHost = parsed.GetValue(publicHost),
                Port = (int)InRange("--port", parsed.GetValue(port), 0, 65535),
                UnreachableAfter = TimeSpan.FromSeconds(InRange("--unreachable-after", parsed.GetValue(unreachableAfter), 1, 3600)),
                StableAfter = TimeSpan.FromSeconds(InRange("--stable-after", parsed.GetValue(stableAfter), 1, 3600)),
                Telemetry = new TelemetryOptions
                {
                    Metrics = parsed.GetValue(metrics),
                    Otlp = Environment.GetEnvironmentVariable(TelemetryOptions.EndpointVariable) is { Length: > 0 },
                    LogFormat = logFormat.Read(parsed),
                },
                Security = api.Security(parsed),
                Tls = Tls(parsed.GetValue(certificate), parsed.GetValue(key), parsed.GetValue(authorities)),
            };
            if (options.PublicHost is null && IPAddress.TryParse(options.Host, out var any)
                && (any.Equals(IPAddress.Any) || any.Equals(IPAddress.IPv6Any)))
            {
                throw new UsageException(
                    $"--host {options.Host}: say with --public-host by which name or address the other nodes reach this one");
            }

            options = options with
            {
                Seeds = Seeds(parsed.GetValue(join)),
            };
            if ((options.IsCoordinator || api.IsGiven(parsed)) && api.Address(parsed) is var (controlHost, controlPort))
            {
                options = options with { ControlHost = controlHost, ControlPort = controlPort };
            }

            ApiOptions.Check(options.Security, options.ControlHost);
            if (parsed.GetValue(metrics) && options.ControlHost is null)
            {
                throw new UsageException("--metrics: nothing listens on this node: say where with --control ADDRESS:PORT");
            }

            var location = parsed.GetValue(database)!;
            await using var shared = new Database(location);
            using var computing = options.IsGpu ? Devices(devices.Read(parsed)) : null;
            var palette = palettes.Select(read => read(parsed)).FirstOrDefault();
            await using var node = Node.Create(options, shared, computing, palette);
            await node.RunAsync(interrupt);
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>Adds pbm's option and palette, in a build that has Petabridge.Cmd.</summary>
    static partial void AddPbm(Command command, List<PaletteOption> palettes);

    private static ClusterTls? Tls(string? certificate, string? key, string? authorities) => (certificate, authorities) switch
    {
        (null, null) when key is null => null,
        ({ } file, { } issuers) => new ClusterTls(PemFiles.Certificate(file, key), PemFiles.Certificates(issuers)),
        _ => throw new UsageException("--cluster-certificate and --cluster-ca: give both, or neither"),
    };

    private static List<string> Roles(string text)
    {
        var roles = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct().ToList();
        return roles.Count > 0 && roles.All(role => role is ClusterNames.Coordinator or ClusterNames.Gpu)
            ? roles
            : throw new UsageException($"--roles {text}: give {ClusterNames.Coordinator}, {ClusterNames.Gpu} or both");
    }

    private static IReadOnlyList<string> Seeds(string? join)
    {
        if (join is null)
        {
            return [];
        }

        var seeds = join.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return seeds.Length > 0 && seeds.All(IsNode)
            ? seeds
            : throw new UsageException(
                $"--join {join}: give the nodes' names or addresses with their cluster ports, " +
                $"such as 10.0.0.5:{DefaultPort.ToString(CultureInfo.InvariantCulture)}");
    }

    private static bool IsNode(string text) =>
        text.LastIndexOf(':') is var colon and > 0 && Uri.CheckHostName(text[..colon]) is var kind and not UriHostNameType.Unknown
        && (kind == UriHostNameType.IPv6) == (text[0] == '[')
        && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65535;

    /// <summary>The node's devices, each of which is named in the log.</summary>
    private static DeviceThreads Devices(RunOptions options)
    {
        foreach (var device in options.CheckDevices())
        {
            Console.Error.WriteLine($"lpzero: {device}");
        }

        return CommonOptions.Devices(options);
    }

    private static double InRange(string option, double value, double low, double high) => value >= low && value <= high
        ? value
        : throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"{option} {value}: give a number from {low} to {high}"));
}
