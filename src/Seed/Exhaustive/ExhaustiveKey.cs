using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using LPZero.Messages.Architectures;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;
using LPZero.Messages.Terms;

namespace LPZero.Seed.Exhaustive;

/// <summary>Identifies an exhaustive search by all that its result depends on.</summary>
internal static class ExhaustiveKey
{
    /// <summary>SHA-256 in hexadecimal over the space, the search set, what the terms depend on, and how proxies are scored.</summary>
    /// <param name="configuration">The configuration, of an exhaustive search or of a run; how a run breeds does not matter.</param>
    /// <param name="benchmark">The benchmark.</param>
    /// <param name="numericProfile">What the devices' numbers depend on.</param>
    public static string Of(SearchConfiguration configuration, Benchmark benchmark, string numericProfile)
    {
        var text = string.Create(CultureInfo.InvariantCulture,
            $"lpzero-exhaustive-3|{BenchmarkDigest.Of(benchmark)}|version {configuration.Version}|" +
            $"split {configuration.SplitSeed ?? configuration.Seed}|" +
            $"architectures {configuration.Sampling} {configuration.SearchArchitectures} {string.Join('\n', configuration.SearchIds)}|" +
            $"inputs {string.Join(',', configuration.Inputs.Order())}|unary {configuration.UnaryOperations}|" +
            $"pruning {configuration.Pruning}|layers {string.Join(',', configuration.LayerReductions.Select(OperationNames.Name))}|" +
            $"tensors {configuration.TensorReduction}|elements {configuration.ElementReduction}|weights {configuration.Weights}|" +
            $"seeds {configuration.WeightsSeed} {configuration.BatchSeed}|distinct {configuration.MinDistinct:R}|" +
            $"shapes {ShapesNames.Name(configuration.ShapesOn(benchmark))}|" +
            $"batch {configuration.BatchSize}x{configuration.SequenceLength}|loss {configuration.Loss}|" +
            $"start {configuration.Start}|{(configuration.Mode == ProbeMode.Training ? "mode training|" : "")}" +
            $"{(configuration.Combine == Combination.Tensors ? "combine tensors|" : "")}" +
            $"{(configuration.Fitness == FitnessTarget.Truth ? "" : $"fitness {configuration.Fitness} {configuration.Seed}|")}" +
            $"{(configuration.Prefix is { } prefix ? $"prefix {prefix}|" : "")}" +
            $"{(configuration.Truth == TruthKind.Reliability ? "truth reliability|" : "")}{numericProfile}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }
}
