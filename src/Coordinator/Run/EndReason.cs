using System.Globalization;
using LPZero.Coordinator.Scoring;
using LPZero.Messages.Search;

namespace LPZero.Coordinator.Run;

/// <summary>Says why a search ended by itself.</summary>
internal static class EndReason
{
    /// <summary>The reason with the number that it speaks of.</summary>
    public static string InWords(FinishReason reason, SearchConfiguration configuration, SearchState state) => reason switch
    {
        FinishReason.Iterations => $"all {Text(configuration.Iterations)} iterations done",
        FinishReason.Evaluations => $"all {Text(configuration.Evaluations)} evaluations done",
        FinishReason.Target => ComparedCorrelation.Name(configuration) is var compared && compared == ComparedCorrelation.Rho
            ? $"target rho of {Text(configuration.Target)} reached"
            : $"target of {Text(configuration.Target)} reached ({compared})",
        FinishReason.Plateau => $"no better proxy for {Text(configuration.Plateau)} iterations",
        FinishReason.SpaceExhausted => "no further proxy to draw that the rules let through",
        FinishReason.FewValid =>
            $"only {Text(state.Evaluations - state.InvalidEvaluations)} of {Text(state.Evaluations)} proxies are valid: " +
            string.Join(", ", state.InvalidByReason.Select(invalid => $"{Text(invalid.Value)} {InWords(invalid.Key)}")),
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, message: null),
    };

    private static string InWords(InvalidReason reason) => reason switch
    {
        InvalidReason.NonFinite => "have a score that is not finite",
        InvalidReason.Constant => "score every network the same",
        InvalidReason.TooFewDistinct => "tell too few networks apart (minDistinct)",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, message: null),
    };

    private static string? Text(IFormattable? value) => value?.ToString(format: null, CultureInfo.InvariantCulture);
}
