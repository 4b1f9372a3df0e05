using System.Globalization;
using LPZero.Messages.Search;

namespace LPZero.Coordinator.Run;

/// <summary>Says why a search ended by itself.</summary>
internal static class EndReason
{
    /// <summary>The reason with the configured number that it speaks of.</summary>
    public static string InWords(FinishReason reason, SearchConfiguration configuration) => reason switch
    {
        FinishReason.Iterations => $"all {Text(configuration.Iterations)} iterations done",
        FinishReason.Evaluations => $"all {Text(configuration.Evaluations)} evaluations done",
        FinishReason.Target => $"target rho of {Text(configuration.Target)} reached",
        FinishReason.Plateau => $"no better proxy for {Text(configuration.Plateau)} iterations",
        FinishReason.SpaceExhausted => "no further proxy to draw that the rules let through",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, message: null),
    };

    private static string? Text(IFormattable? value) => value?.ToString(format: null, CultureInfo.InvariantCulture);
}
