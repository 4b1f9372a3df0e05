using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.Json;
using LPZero.Messages;
using LPZero.Messages.Architectures;
using LPZero.Messages.Control;
using LPZero.Messages.Terms;
using LPZero.Messages.Wire;
using LPZero.Seed.Wire;

namespace LPZero.Seed.CommandLine.Cluster;

/// <summary>The search service of another process, through its control API: of a node, or of the owner of a run on this machine.</summary>
internal sealed class HttpSearchService : ISearchService, IDisposable
{
    /// <summary>Where the token of the control API is taken from, so that no list of processes shows it.</summary>
    public const string TokenVariable = "LPZERO_TOKEN";

    // A node that is at it says so every second.
    private static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(1);

    private readonly HttpClient client;
    private readonly string address;

    /// <summary>Names the node; nothing is sent yet.</summary>
    /// <exception cref="UsageException">The address is none.</exception>
    public HttpSearchService(string address)
    {
        this.address = address;
        if (!Uri.TryCreate($"http://{address}/api/", UriKind.Absolute, out var uri) || uri.Authority.Length == 0
            || uri.AbsolutePath != "/api/" || uri.UserInfo.Length > 0)
        {
            throw new UsageException($"--connect {address}: give host and port of a node's control API, such as 127.0.0.1:4054");
        }

        client = new HttpClient { BaseAddress = uri };
        if (Environment.GetEnvironmentVariable(TokenVariable) is { Length: > 0 } token)
        {
            client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        }
    }

    private HttpSearchService(HttpClient client, string address) => (this.client, this.address) = (client, address);

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
        Description = $"work on a cluster, through a coordinator node's control API (its token is taken from {TokenVariable})",
        HelpName = "HOST:PORT",
        Recursive = true,
    };

    /// <inheritdoc/>
    public async Task StartAsync(StartRequest run, CancellationToken cancellation)
    {
        using var content = JsonContent.Create(run, options: MessageJson.Options);
        using var response = await SendAsync(HttpMethod.Post, "runs", content, cancellation);
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<RunListing>> ListAsync(CancellationToken cancellation) =>
        GetAsync<ImmutableArray<RunListing>>("runs", cancellation);

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
        GetAsync<ImmutableArray<BenchmarkListing>>("benchmarks", cancellation);

    /// <inheritdoc/>
    public Task<Benchmark> BenchmarkAsync(string name, CancellationToken cancellation) =>
        GetAsync<Benchmark>($"benchmarks/{Uri.EscapeDataString(name)}", cancellation);

    /// <inheritdoc/>
    public Task<ImmutableArray<NodeListing>> NodesAsync(CancellationToken cancellation) =>
        GetAsync<ImmutableArray<NodeListing>>("nodes", cancellation);

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
            throw new SearchServiceException(
                $"{address} answers something else ({problem.Message}): is it a coordinator node of this version?");
        }
    }

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
        HttpCompletionOption completion = HttpCompletionOption.ResponseContentRead)
    {
        try
        {
            using var request = new HttpRequestMessage(method, path) { Content = content };
            var response = await client.SendAsync(request, completion, cancellation);
            if (response.IsSuccessStatusCode)
            {
                return response;
            }

            using (response)
            {
                throw new SearchServiceException(await ReasonAsync(response, cancellation));
            }
        }
        catch (HttpRequestException problem) when (problem.InnerException is IOException)
        {
            // It had taken the request; where nobody listens, the cause is of the socket.
            throw WentAway(problem);
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

    private SearchServiceException WentAway(Exception problem) =>
        new($"{address} went away before all was said ({problem.Message}): repeat the command, what is computed is kept");

    private static async Task<string> ReasonAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        var text = await response.Content.ReadAsStringAsync(cancellation);
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.GetProperty("error").GetString()!;
        }
        catch (Exception problem) when (problem is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return $"the node answers with status {((int)response.StatusCode).ToString(CultureInfo.InvariantCulture)}";
        }
    }
}
