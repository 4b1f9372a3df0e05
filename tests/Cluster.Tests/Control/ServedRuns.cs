using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using LPZero.Cluster.Tests.Devices;
using LPZero.Messages;
using LPZero.Messages.Control;
using LPZero.Seed.Control;
using LPZero.Seed.Hosting;
using LPZero.Seed.Storage;

namespace LPZero.Cluster.Tests.Control;

/// <summary>What <c>lpzero serve</c> is, in the process of the test: the real server and the real engine with made-up devices.</summary>
internal sealed class ServedRuns : IAsyncDisposable
{
    private readonly string folder;
    private readonly Database database;
    private readonly LocalEngine engine;
    private readonly ControlPort port;

    private readonly FakeDevices devices;

    private ServedRuns(string folder, Database database, FakeDevices devices, LocalEngine engine, ControlPort port)
    {
        (this.folder, this.database, this.devices, this.engine, this.port) = (folder, database, devices, engine, port);
        Client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 64 })
        {
            BaseAddress = new Uri(Url), Timeout = TimeSpan.FromMinutes(1),
        };
    }

    /// <summary>A client without a token.</summary>
    public HttpClient Client { get; }

    /// <summary>Where it listens.</summary>
    public string Url => port.Url;

    /// <summary>What the API calls.</summary>
    public ISearchService Service => engine.Service;

    /// <summary>Serves runs in a new database.</summary>
    /// <param name="held">Whether its devices compute nothing.</param>
    /// <param name="security">Who may ask.</param>
    /// <param name="limits">How much is taken from anybody.</param>
    public static async Task<ServedRuns> StartAsync(bool held = false, ApiSecurity? security = null, ApiLimits? limits = null)
    {
        var place = Directory.CreateTempSubdirectory("lpzero-served-").FullName;
        var store = new Database(Path.Combine(place, "lpzero.db"));
        await store.CreateTablesAsync();
        var computing = new FakeDevices(held);
        var working = await LocalEngine.StartForAllRunsAsync(store, computing);
        var listening = await ControlPort.ListenAsync(
            ("127.0.0.1", 0), working.Service, security ?? new ApiSecurity(), limits ?? new ApiLimits());
        return new ServedRuns(place, store, computing, working, listening);
    }

    /// <summary>A run that a client asks for, on the synthetic benchmark.</summary>
    public static StartRequest Run(string name, int iterations = 25) =>
        new(name, Synthetic.Configuration with { Iterations = iterations }, Synthetic.Benchmark);

    /// <summary>Starts a run and returns the answer.</summary>
    public Task<HttpResponseMessage> PostAsync(StartRequest run, string? key = null) =>
        SendAsync(HttpMethod.Post, "/api/runs", JsonContent.Create(run, options: MessageJson.Whole), ("Idempotency-Key", key));

    /// <summary>Sends a request and returns the answer.</summary>
    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, HttpContent? content = null, params (string Name, string? Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        foreach (var (name, value) in headers.Where(header => header.Value is not null))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>The JSON that a path answers with.</summary>
    public async Task<JsonObject> GetAsync(string path)
    {
        using var answer = await Client.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
    }

    /// <summary>A body in JSON.</summary>
    public static StringContent Json(string text) => new(text, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));

    /// <summary>Looks that an answer is a problem of a status, and returns it.</summary>
    public static async Task<ApiProblem> ProblemAsync(HttpStatusCode status, HttpResponseMessage answer)
    {
        using (answer)
        {
            Assert.Equal(status, answer.StatusCode);
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
            var problem = (await answer.Content.ReadFromJsonAsync<ApiProblem>(MessageJson.Options))!;
            Assert.Equal((int)status, problem.Status);
            Assert.StartsWith("urn:lpzero:problem:", problem.Type, StringComparison.Ordinal);
            Assert.NotEqual("", problem.Detail);
            return problem;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await port.DisposeAsync();
        devices.Release(100_000); // an engine that ends waits for what its devices are at
        await engine.DisposeAsync();
        await database.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}
