using Akka.Actor;
using Akka.Event;

namespace LPZero.Cluster.Storage;

/// <summary>Warns of what repeats itself at once and then once a minute, so that an outage of days does not fill a disk.</summary>
/// <param name="log">Where to.</param>
/// <param name="clock">The time.</param>
internal sealed class CalmLog(ILoggingAdapter log, ITimeProvider clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private string? last;
    private DateTimeOffset said;
    private int unsaid;

    /// <summary>Warns, unless the same was said within the last minute.</summary>
    public void Warning(string text)
    {
        if (text == last && clock.Now - said < Interval)
        {
            unsaid++;
            return;
        }

        if (text == last && unsaid > 0)
        {
            log.Warning("{0} (and {1} times more)", text, unsaid);
        }
        else
        {
            log.Warning("{0}", text);
        }

        (last, said, unsaid) = (text, clock.Now, 0);
    }
}
