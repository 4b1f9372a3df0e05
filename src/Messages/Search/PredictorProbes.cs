using LPZero.Messages.Predictors;

namespace LPZero.Messages.Search;

/// <summary>The probe of a predictor and the configuration of a search: what one takes from the other.</summary>
public static class PredictorProbes
{
    /// <summary>How a search with this configuration probes.</summary>
    public static PredictorProbe Of(SearchConfiguration configuration) => new(
        configuration.BatchSize, configuration.SequenceLength, configuration.WeightsSeed, configuration.BatchSeed, configuration.Weights,
        configuration.Loss, configuration.Start, configuration.Mode, configuration.Combine, configuration.Shapes);

    /// <summary>The configuration that probes like this.</summary>
    public static SearchConfiguration With(SearchConfiguration configuration, PredictorProbe probe) => configuration with
    {
        BatchSize = probe.BatchSize,
        SequenceLength = probe.SequenceLength,
        WeightsSeed = probe.WeightsSeed,
        BatchSeed = probe.BatchSeed,
        Weights = probe.Weights,
        Loss = probe.Loss,
        Start = probe.Start,
        Mode = probe.Mode,
        Combine = probe.Combine,
        Shapes = probe.Shapes,
    };
}
