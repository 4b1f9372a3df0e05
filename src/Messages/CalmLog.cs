namespace LPZero.Messages;

/// <summary>Says what repeats itself at once and then once a minute, so that an outage of days does not fill a disk.</summary>
/// <param name="warn">Where the lines go.</param>
/// <param name="now">The time.</param>
public sealed class CalmLog(Action<string> warn, Func<DateTimeOffset> now)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private string? last;
    private DateTimeOffset said;
    private int unsaid;

    /// <summary>Warns, unless the same was said within the last minute.</summary>
    public void Warning(string text)
    {
        if (text == last && now() - said < Interval)
        {
            unsaid++;
            return;
        }

        warn(text == last && unsaid > 0 ? $"{text} (and {unsaid} times more)" : text);
        (last, said, unsaid) = (text, now(), 0);
    }
}
