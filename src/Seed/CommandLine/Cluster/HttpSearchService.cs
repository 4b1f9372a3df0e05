using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Security.Authentication;
using System.Text.Json;
using System.Text.Json.Nodes;
using LPZero.Messages;
using LPZero.Messages.Architectures;
using LPZero.Messages.Control;
using LPZero.Messages.Terms;
using LPZero.Messages.Wire;
using LPZero.Seed.Control;
using LPZero.Seed.Wire;

namespace LPZero.Seed.CommandLine.Cluster;

/// <summary>The search service of another process, through its control API: of a node, or of the owner of a run on this machine.</summary>
internal sealed class HttpSearchService : ISearchService, IDisposable
{
    private const string Secure = "https://";

    // A node that is at it says so every second.
    private static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(1);

    private readonly HttpClient client;
    private readonly string address;

    // What to do where a port without TLS was asked for, and is none.
    private readonly string secureInstead = "";

    /// <summary>Names the node; nothing is sent yet.</summary>
    /// <param name="address">Host and port, behind <c>https://</c> where it answers under a certificate.</param>
    /// <param name="authority">
    /// The file of those who issue its certificate, where it answers under one; null for those whom the machine trusts.
    /// </param>
    /// <param name="warn">Told where a token would be sent so that others can read it.</param>
    /// <exception cref="UsageException">The address is none.</exception>
    /// <exception cref="SearchServiceException">The file cannot be used.</exception>
    public HttpSearchService(string address, string? authority = null, Action<string>? warn = null)
    {
        this.address = address;
        var isSecure = authority is not null || address.StartsWith(Secure, StringComparison.Ordinal);
        var place = address.StartsWith(Secure, StringComparison.Ordinal) ? address[Secure.Length..] : address;
        if (!Uri.TryCreate($"{(isSecure ? Secure : "http://")}{place}/api/", UriKind.Absolute, out var uri) || uri.Authority.Length == 0
            || uri.AbsolutePath != "/api/" || uri.UserInfo.Length > 0)
        {
            throw new UsageException($"--connect {address}: give host and port of a node's control API, such as 127.0.0.1:4054");
        }

        secureInstead = isSecure ? "" : $"; where it answers under a certificate, give --connect {Secure}{place}, or --ca FILE";
        client = new HttpClient(Handler(authority)) { BaseAddress = uri };
        if (ApiSecurity.Secret(ApiSecurity.TokenVariable) is { } token)
        {
            client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"Bearer {token}");
            if (WarningOfToken(uri) is { } warning)
            {
                warn?.Invoke(warning);
            }
        }
    }

    private HttpSearchService(HttpClient client, string address) => (this.client, this.address) = (client, address);

    /// <summary>The node that a command is sent to; null where it is carried out here.</summary>
    /// <exception cref="UsageException">The address is none.</exception>
    public static HttpSearchService? Connected(ParseResult parsed) =>
        parsed.GetValue(Connect) is { } address ? new HttpSearchService(
            address, parsed.GetValue(Authority), line => Console.Error.WriteLine($"lpzero: warning: {line}")) : null;

    /// <summary>What to say where a token would be sent so that others on the way can read it; null where they cannot.</summary>
    internal static string? WarningOfToken(Uri node) => node.Scheme == Uri.UriSchemeHttps || ApiSecurity.IsLoopback(node.Host)
        ? null
        : $"{ApiSecurity.TokenVariable} goes to {node.Authority} in the clear, where others on the way can read it: " +
            $"give the node a certificate, and --connect {Secure}{node.Authority}";

    private static SocketsHttpHandler Handler(string? authority)
    {
        var handler = new SocketsHttpHandler();
        if (authority is not null)
        {
            handler.SslOptions.CertificateChainPolicy = PemFiles.TrustIn(PemFiles.Certificates(authority));
        }

        return handler;
    }

    /// <summary>The owner of a run on this machine, through its socket.</summary>
    /// <param name="socket">The socket's path.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Null where nobody listens there.</returns>
    public static async Task<HttpSearchService?> ToOwnerAsync(string socket, CancellationToken cancellation)
    {
        try
        {
            await (await ConnectAsync(socket, cancellation)).DisposeAsync();
        }
        catch (Exception absent) when (absent is SocketException or IOException)
        {
            return null; // none there, or what a killed process has left
        }

        var handler = new SocketsHttpHandler { ConnectCallback = async (_, stop) => await ConnectAsync(socket, stop) };
        return new HttpSearchService(new HttpClient(handler) { BaseAddress = new Uri("http://owner/api/") }, "the run's process");
    }

    private static async ValueTask<Stream> ConnectAsync(string socket, CancellationToken cancellation)
    {
        var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancellation);
            return new NetworkStream(connection, ownsSocket: true);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>The option that sends a command to a cluster.</summary>
    public static Option<string?> Connect { get; } = new("--connect")
    {
        Description =
            $"work on a cluster, through a coordinator node's control API (its token is taken from {ApiSecurity.TokenVariable}); " +
            $"behind {Secure} or with --ca under TLS",
        HelpName = "HOST:PORT",
        Recursive = true,
    };

    /// <summary>The option that names those who issue the certificate of the cluster.</summary>
    public static Option<string?> Authority { get; } = new("--ca")
    {
        Description = "PEM file of those who issue the certificate of --connect [default: whom the machine trusts]",
        HelpName = "FILE",
        Recursive = true,
    };

    /// <inheritdoc/>
    public async Task StartAsync(StartRequest run, CancellationToken cancellation)
    {
        using var content = JsonContent.Create(run, options: MessageJson.Whole);
        using var response = await SendAsync(
            HttpMethod.Post, "runs", content, cancellation,
            header: run.IdempotencyKey is { } key ? ("Idempotency-Key", key) : null);
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<RunListing>> ListAsync(CancellationToken cancellation) =>
        AllAsync<RunListing>("runs", cancellation);

    /// <inheritdoc/>
    public Task<RunStatus> StatusAsync(string run, CancellationToken cancellation) => GetAsync<RunStatus>(Path(run), cancellation);

    /// <inheritdoc/>
    public Task<RunStatus> PauseAsync(string run, CancellationToken cancellation) => PostAsync(run, "pause", cancellation);

    /// <inheritdoc/>
    public Task<RunStatus> ResumeAsync(string run, CancellationToken cancellation) => PostAsync(run, "resume", cancellation);

    /// <inheritdoc/>
    public Task<RunStatus> StopAsync(string run, CancellationToken cancellation) => PostAsync(run, "stop", cancellation);

    /// <inheritdoc/>
    public async Task DeleteAsync(string run, CancellationToken cancellation)
    {
        using var response = await SendAsync(HttpMethod.Delete, Path(run), content: null, cancellation);
    }

    /// <inheritdoc/>
    public Task<RunLeaderboard> LeaderboardAsync(string run, CancellationToken cancellation) =>
        GetAsync<RunLeaderboard>($"{Path(run)}/leaderboard", cancellation);

    /// <inheritdoc/>
    public Task<RunResult> ResultAsync(string run, CancellationToken cancellation) =>
        GetAsync<RunResult>($"{Path(run)}/result", cancellation);

    /// <inheritdoc/>
    public Task<RunDefinition> DefinitionAsync(string run, CancellationToken cancellation) =>
        GetAsync<RunDefinition>($"{Path(run)}/definition", cancellation);

    /// <inheritdoc/>
    public async Task<ImmutableArray<string>> EventsAsync(string run, CancellationToken cancellation)
    {
        using var response = await SendAsync(HttpMethod.Get, $"{Path(run)}/events", content: null, cancellation);
        return [.. (await response.Content.ReadAsStringAsync(cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<BenchmarkListing>> BenchmarksAsync(CancellationToken cancellation) =>
        AllAsync<BenchmarkListing>("benchmarks", cancellation);

    /// <inheritdoc/>
    public Task<Benchmark> BenchmarkAsync(string name, CancellationToken cancellation) =>
        GetAsync<Benchmark>($"benchmarks/{Uri.EscapeDataString(name)}", cancellation);

    /// <inheritdoc/>
    public Task<ImmutableArray<NodeListing>> NodesAsync(CancellationToken cancellation) =>
        AllAsync<NodeListing>("nodes", cancellation);

    /// <inheritdoc/>
    public async Task<ImmutableArray<RunEvent>> EventsAsync(string run, long after, int most, CancellationToken cancellation)
    {
        using var response = await SendAsync(
            HttpMethod.Get,
            string.Create(CultureInfo.InvariantCulture, $"{Path(run)}/events?after={after}&limit={Math.Min(most, ApiPage.Most)}"),
            content: null, cancellation, header: ("Accept", "application/json"));
        var page = await ReadAsync<ApiPage<EventListing>>(response, cancellation);
        return [.. page.Items.Select(listed => new RunEvent(listed.Number, listed.Event.ToJsonString(MessageJson.Options)))];
    }

    /// <inheritdoc/>
    public Task<RunListing> TagAsync(string run, ImmutableArray<string> tags, CancellationToken cancellation) =>
        SendAsync<RunListing>(HttpMethod.Put, $"{Path(run)}/tags", new TagRequest(tags), cancellation);

    /// <inheritdoc/>
    public Task<RunStatus> PrioritizeAsync(string run, int priority, CancellationToken cancellation) =>
        SendAsync<RunStatus>(HttpMethod.Put, $"{Path(run)}/priority", new PriorityRequest(priority), cancellation);

    /// <inheritdoc/>
    public Task<BenchmarkListing> AddBenchmarkAsync(Benchmark benchmark, CancellationToken cancellation) =>
        SendAsync<BenchmarkListing>(HttpMethod.Post, "benchmarks", benchmark, cancellation);

    /// <inheritdoc/>
    public Task<ClusterMembership> MembersAsync(CancellationToken cancellation) =>
        GetAsync<ClusterMembership>("cluster/members", cancellation);

    /// <inheritdoc/>
    public async Task<string> ChangeMemberAsync(string address, MemberOperation operation, CancellationToken cancellation)
    {
        var said = await SendAsync<JsonObject>(
            HttpMethod.Put, $"cluster/members/{Uri.EscapeDataString(address)}", new MemberRequest(operation.ToString()), cancellation);
        return said["member"]?.GetValue<string>() ?? address;
    }

    /// <inheritdoc/>
    public Task<ShardListings> ShardsAsync(string region, CancellationToken cancellation) =>
        GetAsync<ShardListings>($"cluster/shards/{Uri.EscapeDataString(region)}", cancellation);

    /// <inheritdoc/>
    public async Task<string> EnsureTermsAsync(WantedTerms wanted, IProgress<TermProgress>? progress, CancellationToken cancellation)
    {
        await foreach (var line in LinesAsync<EnsuringLine>("terms/ensure", wanted, cancellation))
        {
            if (line.Progress is { } done)
            {
                progress?.Report(done);
            }

            if (line.Error is { } error)
            {
                throw new SearchServiceException(error);
            }

            if (line.NumericProfile is { } profile)
            {
                return profile;
            }
        }

        throw new InvalidOperationException("lines end with an exception where no outcome is among them");
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<ImmutableArray<ProxyScore>>> ScoresAsync(
        WantedScores wanted, IProgress<TermProgress>? progress, CancellationToken cancellation)
    {
        var scores = ImmutableArray.CreateBuilder<ImmutableArray<ProxyScore>>(wanted.Networks.Length);
        await foreach (var line in LinesAsync<ScoringLine>("scores", wanted, cancellation))
        {
            if (line.Progress is { } done)
            {
                progress?.Report(done);
            }

            if (line.Error is { } error)
            {
                throw new SearchServiceException(error);
            }

            if (line.Scores is { } ofNetwork)
            {
                scores.Add(ofNetwork);
            }

            if (line.IsWhole && scores.Count == wanted.Networks.Length)
            {
                break;
            }
        }

        return scores.ToImmutable();
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ImmutableArray<TermBlock>> TermsAsync(
        StoredTerms stored, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var content = JsonContent.Create(stored, options: MessageJson.Options);
        using var response = await SendAsync(HttpMethod.Post, "terms", content, cancellation, HttpCompletionOption.ResponseHeadersRead);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
        await using var networks = TermBlockFrames.ReadAsync(stream, patience.Token).GetAsyncEnumerator(cancellation);
        while (await ReadPartAsync(() => networks.MoveNextAsync().AsTask(), patience, cancellation))
        {
            yield return networks.Current;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => client.Dispose();

    /// <summary>The lines of an answer that a node is still writing, until whoever reads has what they want.</summary>
    /// <exception cref="SearchServiceException">They end before, or nobody answers.</exception>
    private async IAsyncEnumerable<T> LinesAsync<T>(
        string path, object wanted, [EnumeratorCancellation] CancellationToken cancellation)
        where T : class
    {
        using var content = JsonContent.Create(wanted, wanted.GetType(), options: MessageJson.Options);
        using var response = await SendAsync(HttpMethod.Post, path, content, cancellation, HttpCompletionOption.ResponseHeadersRead);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellation));
        while (true)
        {
            yield return await ReadPartAsync(
                async () => await reader.ReadLineAsync(patience.Token) is { } text
                    && JsonSerializer.Deserialize<T>(text, MessageJson.Options) is { } line
                    ? line
                    : throw new InvalidDataException("the answer was cut short"),
                patience, cancellation);
        }
    }

    private static string Path(string run) => $"runs/{Uri.EscapeDataString(run)}";

    private async Task<RunStatus> PostAsync(string run, string verb, CancellationToken cancellation)
    {
        using var response = await SendAsync(HttpMethod.Post, $"{Path(run)}/{verb}", content: null, cancellation);
        return await ReadAsync<RunStatus>(response, cancellation);
    }

    private async Task<T> SendAsync<T>(HttpMethod method, string path, object body, CancellationToken cancellation)
    {
        using var content = JsonContent.Create(body, body.GetType(), options: MessageJson.Options);
        using var response = await SendAsync(method, path, content, cancellation);
        return await ReadAsync<T>(response, cancellation);
    }

    /// <summary>A list, part by part.</summary>
    private async Task<ImmutableArray<T>> AllAsync<T>(string path, CancellationToken cancellation)
    {
        var all = ImmutableArray.CreateBuilder<T>();
        var rest = "";
        while (true)
        {
            var page = await GetAsync<ApiPage<T>>(
                string.Create(CultureInfo.InvariantCulture, $"{path}?limit={ApiPage.Most}{rest}"), cancellation);
            all.AddRange(page.Items.IsDefault ? throw Another("it is no list") : page.Items);
            if (page.Next is not { } next)
            {
                return all.ToImmutable();
            }

            rest = $"&after={Uri.EscapeDataString(next)}";
        }
    }

    private async Task<T> GetAsync<T>(string path, CancellationToken cancellation)
    {
        using var response = await SendAsync(HttpMethod.Get, path, content: null, cancellation);
        return await ReadAsync<T>(response, cancellation);
    }

    private async Task<T> ReadAsync<T>(HttpResponseMessage response, CancellationToken cancellation)
    {
        try
        {
            return await response.Content.ReadFromJsonAsync<T>(GenotypeJson.Reading, cancellation)
                ?? throw new JsonException("the answer is empty");
        }
        catch (JsonException problem)
        {
            throw Another(problem.Message);
        }
    }

    private SearchServiceException Another(string reason) =>
        new($"{address} answers something else ({reason}): is it a coordinator node of this version?");

    /// <summary>Reads the next part of an answer that the node is still writing.</summary>
    private async Task<T> ReadPartAsync<T>(Func<Task<T>> read, CancellationTokenSource patience, CancellationToken cancellation)
    {
        try
        {
            patience.CancelAfter(LongestSilence);
            return await read();
        }
        catch (Exception problem) when (problem is IOException or HttpRequestException or InvalidDataException or JsonException)
        {
            throw WentAway(problem);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new SearchServiceException($"{address} has fallen silent: repeat the command, what is computed is kept");
        }
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, HttpContent? content, CancellationToken cancellation,
        HttpCompletionOption completion = HttpCompletionOption.ResponseContentRead, (string Name, string Value)? header = null)
    {
        try
        {
            using var request = new HttpRequestMessage(method, path) { Content = content };
            if (header is var (name, value))
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }

            var response = await client.SendAsync(request, completion, cancellation);
            if (response.IsSuccessStatusCode)
            {
                return response;
            }

            using (response)
            {
                throw await RefusalAsync(response, cancellation);
            }
        }
        catch (HttpRequestException problem) when (problem.InnerException is AuthenticationException)
        {
            throw new SearchServiceException(
                $"{address} has no certificate that is trusted here ({problem.InnerException.Message}): " +
                "name with --ca the file of those who issue it");
        }
        catch (HttpRequestException problem) when (problem.InnerException is IOException)
        {
            // It had taken the request; where nobody listens, the cause is of the socket. A port under TLS ends so
            // what is sent to it in the clear.
            throw WentAway(problem, secureInstead);
        }
        catch (HttpRequestException problem)
        {
            throw new SearchServiceException($"{address} does not answer ({problem.Message}): is a coordinator node running there?");
        }
        catch (TaskCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new SearchServiceException($"{address} does not answer in time: is it a coordinator node?");
        }
    }

    private SearchServiceException WentAway(Exception problem, string more = "") =>
        new($"{address} went away before all was said ({problem.Message}): repeat the command, what is computed is kept{more}");

    private static async Task<SearchServiceException> RefusalAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        var text = await response.Content.ReadAsStringAsync(cancellation);
        try
        {
            var problem = JsonSerializer.Deserialize<ApiProblem>(text, MessageJson.Options);
            return new SearchServiceException(
                problem?.Detail ?? throw new JsonException("no detail"),
                response.StatusCode switch
                {
                    HttpStatusCode.NotFound => SearchFailure.Missing,
                    HttpStatusCode.BadRequest => SearchFailure.Malformed,
                    HttpStatusCode.UnprocessableEntity => SearchFailure.Unfit,
                    HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests => SearchFailure.Away,
                    _ => SearchFailure.Conflict,
                },
                problem.Field);
        }
        catch (JsonException)
        {
            return new SearchServiceException(
                $"the node answers with status {((int)response.StatusCode).ToString(CultureInfo.InvariantCulture)}");
        }
    }
}
