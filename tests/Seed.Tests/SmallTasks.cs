using LPZero.Messages.Architectures;

namespace LPZero.Seed.Tests;

/// <summary>A benchmark with each architecture trained twice, and with tasks: the truth itself, and its opposite.</summary>
internal static class SmallTasks
{
    public const string Straight = "straight", Mirrored = "mirrored";

    /// <summary>Twice as many architectures; of the small benchmark few trainings have failed.</summary>
    public static Benchmark Of(Benchmark small)
    {
        var again = small.Architectures.Select(architecture => architecture with
        {
            Id = $"{architecture.Id}-again",
            Truth = architecture.Truth + 0.3,
        });
        return small with
        {
            Tasks = new TruthTasks([Straight, Mirrored]) { Failed = [new FailureCondition(Straight, Below: 0.2)] },
            Architectures =
            [
                .. small.Architectures.Concat(again).Select(architecture => architecture with
                {
                    Tasks = [architecture.Truth, -architecture.Truth],
                }),
            ],
        };
    }
}
