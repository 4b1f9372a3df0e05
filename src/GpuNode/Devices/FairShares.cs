using System.Runtime.InteropServices;
using LPZero.Messages.Entities;

namespace LPZero.GpuNode.Devices;

/// <summary>
/// Whose turn it is among runs that wait for the same devices: start-time fair queueing (Goyal, Vin and Cheng 1996). Each run has a clock
/// that each of its requests moves by its cost over the run's priority, and the run whose clock is behind comes next. Who comes after a
/// pause begins where the others are: nobody saves up turns, and nobody who asks for little waits behind one who asks for much.
/// </summary>
internal sealed class FairShares
{
    private readonly Dictionary<string, Clock> clocks = new(StringComparer.Ordinal);

    // The clock of the run that was served last, before that.
    private double now;

    /// <summary>A run waits with one request more.</summary>
    public void Add(DeviceShare share)
    {
        ref var clock = ref CollectionsMarshal.GetValueRefOrAddDefault(clocks, share.Run, out _);
        clock = new Clock(clock.Waiting == 0 ? Math.Max(clock.Time, now) : clock.Time, clock.Waiting + 1);
    }

    /// <summary>A request of a run was taken back; it may come again, and its run is where it was then.</summary>
    public void Remove(DeviceShare share) => Leave(share, cost: 0);

    /// <summary>A request of a run begins.</summary>
    /// <param name="share">The run.</param>
    /// <param name="cost">What it takes of a device, in any unit.</param>
    public void Serve(DeviceShare share, long cost)
    {
        now = Math.Max(now, clocks[share.Run].Time);
        Leave(share, Math.Max(cost, 1));
        if (clocks.Values.All(clock => clock.Waiting == 0))
        {
            clocks.Clear();
            now = 0;
        }
    }

    /// <summary>How far a run that waits has come; the one that is behind all others is next.</summary>
    public double TimeOf(DeviceShare share) => clocks[share.Run].Time;

    private void Leave(DeviceShare share, long cost)
    {
        var clock = clocks[share.Run];
        clocks[share.Run] = new Clock(clock.Time + (cost / (double)share.Priority), clock.Waiting - 1);

        // Whoever is not ahead of the others begins where they are, whether it is remembered or not.
        foreach (var (run, _) in clocks.Where(each => each.Value.Waiting == 0 && each.Value.Time <= now).ToList())
        {
            clocks.Remove(run);
        }
    }

    private readonly record struct Clock(double Time, int Waiting);
}
