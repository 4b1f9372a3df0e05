using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;

namespace LPZero.Coordinator.Tests;

/// <summary>
/// Runs FsCheck properties on a fixed seed, so that a failure repeats; the environment variable LPZERO_PROPERTY_SEED
/// draws other examples.
/// </summary>
internal static class Properties
{
    private static readonly ulong Seed =
        ulong.TryParse(Environment.GetEnvironmentVariable("LPZERO_PROPERTY_SEED"), out var seed) ? seed : 42;

    public static void Check<T>(int examples, Gen<T> generator, Action<T> property)
    {
        var config = Config.QuickThrowOnFailure
            .WithMaxTest(examples)
            .WithReplay(FSharpOption<Replay>.Some(new Replay(new Rnd(Seed), FSharpOption<int>.None)));
        FsCheck.Check.One(config, Prop.ForAll(generator.ToArbitrary(), property));
    }
}
