using System.Threading.Channels;
using LPZero.GpuNode.Devices;
using LPZero.Messages.Control;
using LPZero.Messages.Entities;
using LPZero.Messages.Terms;

namespace LPZero.Bench.Scale;

/// <summary>
/// Devices that take a fixed time for an input and make its terms up. One network at a time on each, the next on whichever is free.
/// </summary>
/// <param name="count">How many nodes they stand for.</param>
/// <param name="service">What an input of a network takes.</param>
internal sealed class SimulatedDevices(int count, TimeSpan service) : IDeviceSet
{
    /// <summary>The arithmetic that all of them have in common.</summary>
    public const string Profile = "simulated";

    private readonly Channel<int> free = Tokens(count);

    public string NumericProfile => Profile;

    public async Task<TermReply?> EvaluateAsync(
        TermRequest request, DeviceShare share, Func<Task<bool>> begin, CancellationToken withdrawn)
    {
        var device = await free.Reader.ReadAsync(withdrawn);
        try
        {
            if (!await begin())
            {
                return null;
            }

            await Task.Delay(service * request.Wanted.Length, CancellationToken.None);
        }
        finally
        {
            free.Writer.TryWrite(device);
        }

        return new TermReply(request.Id, request.Attempt, [.. request.Wanted.Select(wanted => MadeUp(request.Target, wanted))]);
    }

    public void Unload(IReadOnlyCollection<ProbedNetwork> targets)
    {
        // Nothing was loaded.
    }

    public DeviceDescription Describe() => new(Profile, count, LoadedArchitectures: 0, ComputedTerms: 0);

    private static Channel<int> Tokens(int count)
    {
        var tokens = Channel.CreateUnbounded<int>();
        Enumerable.Range(0, count).ToList().ForEach(device => tokens.Writer.TryWrite(device));
        return tokens;
    }

    private static TermBlock MadeUp(ProbedNetwork target, ChainSet wanted)
    {
        var values = wanted.Chains.Length * target.Network.LayerCount;
        return new TermBlock(
            wanted.Input, [.. Enumerable.Repeat(1, target.Network.LayerCount)], wanted.Chains,
            [.. Enumerable.Range(0, values).Select(i => i / (double)values)], [.. Enumerable.Repeat(1024L, values)]);
    }
}
