using System.Collections.Immutable;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using LPZero.Messages;
using LPZero.Messages.Architectures;
using LPZero.Messages.Control;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;
using LPZero.Messages.Wire;
using LPZero.Seed.Control;
using LPZero.Seed.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace LPZero.Cluster.Tests.Control;

/// <summary>The terms of the control API over a real socket, as any client sees them.</summary>
public sealed class TermsApiTests : ClusterTestKit, IAsyncLifetime
{
    private const string Token = "secret";

    private static readonly WantedTerms Wanted = new(
        [.. Synthetic.Benchmark.Architectures.Take(2).Select(a => a.Genotype.Resolve(Shapes.Genotype))],
        Synthetic.Configuration.Probe(Synthetic.Benchmark.Sizes), [ProxyText.ParseBranch("mean(A)")]);

    private static readonly StoredTerms Stored = new(
        [.. Wanted.Networks.Select(network => new ProbedNetwork(network, Wanted.Probe).Key(Synthetic.Profile))], Wanted.Branches);

    private readonly HeldTerms terms = new();
    private readonly HttpClient client = new();
    private WebApplication api = null!;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        api = builder.Build();
        var service = new ActorSearchService(
            TestActor, new MemoryRunDirectory(Synthetic.Record), reader: null!, terms, new LocalMembers(devices: null),
            TimeProvider.System);
        ControlApi.Map(api, () => service, new ApiSecurity { Token = Token });
        await api.StartAsync();
        client.BaseAddress = new Uri(api.Urls.Single());
        client.DefaultRequestHeaders.Add("Authorization", $"Bearer {Token}");
    }

    public async Task DisposeAsync()
    {
        client.Dispose();
        await api.DisposeAsync();
    }

    [Fact]
    public async Task Scores_are_told_network_by_network_after_how_far_they_are()
    {
        var wanted = new WantedScores(Wanted.Networks, Wanted.Probe, ["snip", "plain"]);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/scores")
        {
            Content = JsonContent.Create(wanted, options: MessageJson.Options),
        };
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        Assert.NotNull((await ScoringLineAsync(reader)).Progress);
        terms.Outcome.SetResult("made up");
        ScoringLine line;
        do
        {
            line = await ScoringLineAsync(reader);
        }
        while (line.Scores is null);

        Assert.Equal([new ProxyScore("snip", 4 / 3.0, 0.25), new ProxyScore("plain", 5 / 3.0, 0.25)], line.Scores.Value.AsEnumerable());
        Assert.Equal(2, (await ScoringLineAsync(reader)).Scores!.Value.Length);
        Assert.True((await ScoringLineAsync(reader)).IsWhole);
        Assert.Null(await reader.ReadLineAsync());

        static async Task<ScoringLine> ScoringLineAsync(StreamReader reader) =>
            JsonSerializer.Deserialize<ScoringLine>((await reader.ReadLineAsync())!, MessageJson.Options)!;
    }

    [Fact]
    public async Task Ensuring_says_how_far_it_is_while_it_is_at_it_and_how_it_ended()
    {
        using var answer = await PostAsync("ensure", Wanted);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        Assert.Equal("beginning", (await LineAsync(reader)).Progress!.Activity);
        Assert.Equal(Wanted.Networks.AsEnumerable(), (await terms.Asked.Task).Networks);
        Assert.Equal(Wanted.Branches.AsEnumerable(), (await terms.Asked.Task).Branches);

        terms.Outcome.SetResult("made up");
        EnsuringLine line;
        do
        {
            line = await LineAsync(reader);
        }
        while (line.NumericProfile is null);

        Assert.Equal("made up", line.NumericProfile);
        Assert.Null(await reader.ReadLineAsync());
    }

    [Fact]
    public async Task Why_terms_will_not_be_known_is_the_last_line()
    {
        terms.Outcome.SetException(new SearchServiceException("too wide for any device"));
        using var answer = await PostAsync("ensure", Wanted);
        var lines = (await answer.Content.ReadAsStringAsync()).Trim().Split('\n');
        Assert.Equal("""{"error":"too wide for any device"}""", lines[^1]);
    }

    [Fact]
    public async Task A_client_that_goes_away_ends_what_it_has_asked_for()
    {
        using (var answer = await PostAsync("ensure", Wanted))
        {
            await terms.Asked.Task;
        }

        await terms.GivenUp.Task.WaitAsync(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Terms_come_network_after_network_before_all_of_them_are_there()
    {
        using var answer = await PostAsync("", Stored);
        Assert.Equal(TermBlockFrames.ContentType, answer.Content.Headers.ContentType!.MediaType);
        await using var networks = TermBlockFrames.ReadAsync(await answer.Content.ReadAsStreamAsync(), CancellationToken.None)
            .GetAsyncEnumerator();

        Assert.True(await networks.MoveNextAsync());
        Assert.Equal(HeldTerms.BlockOf(Stored.ContentKeys[0]).Means.ToArray(), Assert.Single(networks.Current).Means.ToArray());
        terms.Outcome.SetResult("the second may come");
        Assert.True(await networks.MoveNextAsync());
        Assert.Equal(HeldTerms.BlockOf(Stored.ContentKeys[1]).Means.ToArray(), Assert.Single(networks.Current).Means.ToArray());
        Assert.False(await networks.MoveNextAsync());
    }

    [Fact]
    public async Task Without_the_token_nothing_is_answered()
    {
        client.DefaultRequestHeaders.Remove("Authorization");
        using var ensure = await PostAsync("ensure", Wanted);
        using var read = await PostAsync("", Stored);
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (ensure.StatusCode, read.StatusCode));
        Assert.False(terms.Asked.Task.IsCompleted);
    }

    [Fact]
    public async Task What_cannot_be_meant_is_refused_in_one_line()
    {
        await RefusedAsync(
            "ensure", Json(Wanted with { Networks = [] }), HttpStatusCode.UnprocessableEntity, "the networks or the branches are missing");
        await RefusedAsync("ensure", Json(Wanted).Replace("mean(A)", "maen(A)", StringComparison.Ordinal),
            HttpStatusCode.UnprocessableEntity, "unknown operation 'maen'; did you mean mean");
        await RefusedAsync("ensure", "{}", HttpStatusCode.UnprocessableEntity, "the request is no terms");
        await RefusedAsync("", Json(Stored with { ContentKeys = ["../x"] }), HttpStatusCode.UnprocessableEntity, "64 hexadecimal digits");
        await RefusedAsync("", new string(' ', 31_000_000), HttpStatusCode.RequestEntityTooLarge, "too large");
    }

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, MessageJson.Options);

    private async Task RefusedAsync(string path, string body, HttpStatusCode status, string reason)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post, $"/api/terms/{path}".TrimEnd('/'))
        { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.ExpectContinue = true; // a body that nobody reads is not sent
        using var answer = await client.SendAsync(request);
        Assert.Equal(status, answer.StatusCode);
        Assert.Contains(
            reason, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    private async Task<HttpResponseMessage> PostAsync<T>(string path, T body)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post, $"/api/terms/{path}".TrimEnd('/'))
        { Content = JsonContent.Create(body, options: MessageJson.Options) };
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private static async Task<EnsuringLine> LineAsync(StreamReader reader) =>
        JsonSerializer.Deserialize<EnsuringLine>((await reader.ReadLineAsync())!, MessageJson.Options)!;

    /// <summary>Made-up terms, whose end the test decides.</summary>
    private sealed class HeldTerms : ITermCollector
    {
        public TaskCompletionSource<WantedTerms> Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource<string> Outcome { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource GivenUp { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public static TermBlock BlockOf(string key) => new(InputKind.A, [1], [ProxyText.ParseBranch("mean(A)").Chain], [key[0]], [1]);

        public async Task<string> EnsureTermsAsync(WantedTerms wanted, IProgress<TermProgress>? progress, CancellationToken cancellation)
        {
            Asked.SetResult(wanted);
            await using var registration = cancellation.Register(() =>
            {
                Outcome.TrySetCanceled(cancellation);
                GivenUp.SetResult();
            });
            return await Outcome.Task;
        }

        public async Task<ImmutableArray<ImmutableArray<ProxyScore>>> ScoresAsync(
            WantedScores wanted, IProgress<TermProgress>? progress, CancellationToken cancellation)
        {
            progress?.Report(new TermProgress(1, 2, "computing scores"));
            await Outcome.Task.WaitAsync(cancellation);
            return [.. wanted.Networks.Select(_ => ImmutableArray.CreateRange(
                wanted.Proxies.Select(proxy => new ProxyScore(proxy, proxy.Length / 3.0, 0.25))))];
        }

        public async IAsyncEnumerable<ImmutableArray<TermBlock>> TermsAsync(
            StoredTerms stored, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
        {
            yield return [BlockOf(stored.ContentKeys[0])];
            await Outcome.Task.WaitAsync(cancellation);
            yield return [BlockOf(stored.ContentKeys[1])];
        }
    }
}
