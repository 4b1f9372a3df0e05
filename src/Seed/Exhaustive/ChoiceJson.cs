using System.Collections.Immutable;
using System.Text.Json;
using LPZero.Coordinator.Choosing;
using LPZero.Messages;
using LPZero.Messages.Search;
using LPZero.Seed.CommandLine;

namespace LPZero.Seed.Exhaustive;

/// <summary>An option that was considered.</summary>
internal sealed record ChoiceOptionJson(string Name, double CrossValidatedRho, ImmutableArray<double> Folds, bool Chosen);

/// <summary>What <c>search choose --json</c> prints; docs/json.md describes the fields, which stay.</summary>
internal sealed record ChoiceJson(
    SearchConfiguration Configuration, IReadOnlyList<ChoiceOptionJson> Options, string Predictor, double SearchRho, HeldOutJson? HeldOut, string? Output)
{
    public static ChoiceJson Of(SearchConfiguration configuration, ImmutableArray<ValidatedOption> validated, ValidatedOption chosen, FittedOption fitted) => new(
        configuration,
        [.. validated.Select(option => new ChoiceOptionJson(option.Option.Name, option.Rho, option.Folds, option == chosen))],
        fitted.Predictor.ToString(), fitted.Rho, HeldOut: null, Output: null);

    public static string Text(ChoiceJson value) => JsonSerializer.Serialize(value, MessageJson.Indented);
}
