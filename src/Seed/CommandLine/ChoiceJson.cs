using System.Collections.Immutable;
using LPZero.Coordinator.Choosing;
using LPZero.Messages;
using LPZero.Messages.Search;

namespace LPZero.Seed.CommandLine;

/// <summary>An option that was considered; its held-out rho is known after the choice alone.</summary>
internal sealed record ChoiceOptionJson(
    string Name, double CrossValidatedRho, ImmutableArray<double> Folds, string Predictor, double SearchRho, double? HeldOutRho,
    bool Chosen);

/// <summary>What <c>search choose --json</c> prints; docs/json.md describes the fields, which stay.</summary>
internal sealed record ChoiceJson(
    SearchConfiguration Configuration, IReadOnlyList<ChoiceOptionJson> Options, string Predictor, double SearchRho, HeldOutJson? HeldOut,
    string? Output)
{
    public static ChoiceJson Of(
        SearchConfiguration configuration, ImmutableArray<ValidatedOption> validated, ValidatedOption chosen,
        ImmutableArray<double> heldOutRhos) => new(
        configuration,
        [.. validated.Select((option, i) => new ChoiceOptionJson(
            option.Option.Name, option.Rho, option.Folds, option.Predictor.ToString(), option.SearchRho,
            heldOutRhos.IsEmpty ? null : heldOutRhos[i], option == chosen))],
        chosen.Predictor.ToString(), chosen.SearchRho, HeldOut: null, Output: null);

    public static string Text(ChoiceJson value) => JsonDocuments.Text(value, MessageJson.Indented);
}
