using System.Collections.Concurrent;
using System.Threading.Channels;
using LPZero.GpuNode.Devices;
using LPZero.Messages.Control;
using LPZero.Messages.Entities;
using LPZero.Messages.Terms;

namespace LPZero.Cluster.Tests.Devices;

/// <summary>Devices that make terms up, at once or when the test lets them.</summary>
/// <param name="held">Whether they wait for <see cref="Release"/>.</param>
/// <param name="places">How many requests they are at together; others wait.</param>
internal sealed class FakeDevices(bool held = false, int places = 100) : IDeviceSet
{
    private readonly Channel<int> free = Tokens(places);
    private readonly Channel<TermRequest> asked = Channel.CreateUnbounded<TermRequest>();
    private readonly Channel<TermRequest> begun = Channel.CreateUnbounded<TermRequest>();
    private readonly Channel<int> permissions = Channel.CreateUnbounded<int>();

    public string NumericProfile => Synthetic.Profile;

    public int ComputedRequests;

    public long ComputedTerms;

    public TaskCompletionSource<IReadOnlyCollection<ProbedNetwork>> Unloaded { get; } = new(
        TaskCreationOptions.RunContinuationsAsynchronously);

    public Func<TermRequest, Exception?> Fault { get; set; } = _ => null;

    public void Release(int requests)
    {
        for (var i = 0; i < requests; i++)
        {
            permissions.Writer.TryWrite(i);
        }
    }

    /// <summary>The next request that was given to the devices.</summary>
    public Task<TermRequest> AskedAsync() => NextAsync(asked);

    /// <summary>The next request that the devices have come to.</summary>
    public Task<TermRequest> BegunAsync() => NextAsync(begun);

    /// <summary>Who has asked, in the order of the requests.</summary>
    public ConcurrentQueue<DeviceShare> Askers { get; } = [];

    public async Task<TermReply?> EvaluateAsync(
        TermRequest request, DeviceShare share, Func<Task<bool>> begin, CancellationToken withdrawn)
    {
        Askers.Enqueue(share);
        asked.Writer.TryWrite(request);
        await free.Reader.ReadAsync(withdrawn);
        try
        {
            return await begin() ? await EvaluateAsync(request) : null;
        }
        finally
        {
            free.Writer.TryWrite(1);
        }
    }

    public int ScoredNetworks;

    /// <summary>The terms or scores that a request asks for, and what is to be computed along with them.</summary>
    public static TermReply Answer(TermRequest request) =>
        Synthetic.Answer(request with { Wanted = request.Wanted.AddRange(request.Along) }) with
        {
            Scores = [.. request.Proxies.Select(proxy => Score(request.Target, proxy))],
        };

    /// <summary>A score that tells the network by its text's length and the proxy by its id's.</summary>
    public static ProxyScore Score(ProbedNetwork target, string proxy) => proxy == "undefined"
        ? new ProxyScore(proxy, Value: null, Seconds: 0.5, "it never is")
        : new ProxyScore(proxy, target.Network.ToString().Length + (proxy.Length / 100.0), Seconds: 0.25);

    public void Unload(IReadOnlyCollection<ProbedNetwork> targets) => Unloaded.TrySetResult([.. targets]);

    public DeviceDescription Describe() => new(NumericProfile, 1, 0, ComputedTerms);

    private static Channel<int> Tokens(int count)
    {
        var tokens = Channel.CreateUnbounded<int>();
        Enumerable.Range(0, count).ToList().ForEach(token => tokens.Writer.TryWrite(token));
        return tokens;
    }

    private static Task<TermRequest> NextAsync(Channel<TermRequest> requests) =>
        requests.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    private async Task<TermReply> EvaluateAsync(TermRequest request)
    {
        begun.Writer.TryWrite(request);
        if (held)
        {
            await permissions.Reader.ReadAsync();
        }

        if (Fault(request) is { } fault)
        {
            throw fault;
        }

        Interlocked.Increment(ref ComputedRequests);
        Interlocked.Add(ref ComputedTerms, request.Wanted.Sum(wanted => wanted.Chains.Length));
        Interlocked.Add(ref ScoredNetworks, request.Proxies.IsEmpty ? 0 : 1);
        return Answer(request);
    }
}
