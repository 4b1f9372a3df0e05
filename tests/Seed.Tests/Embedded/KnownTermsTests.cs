using System.Collections.Immutable;
using LPZero.Coordinator.Scoring;
using LPZero.GpuNode.Evaluation;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;
using LPZero.Messages.Terms;
using LPZero.Seed.Embedded;
using LPZero.Seed.Storage;
using LPZero.Seed.Tests.Benchmarks;

namespace LPZero.Seed.Tests.Embedded;

public sealed class KnownTermsTests : IDisposable
{
    private static readonly SearchConfiguration Configuration = SearchConfiguration.Presets["default"] with { BatchSize = 2, SequenceLength = 16, SearchArchitectures = 10 };
    private static readonly Branch[] Wanted = [new(InputKind.W, Chain.Empty)];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task When_one_request_fails_what_the_others_compute_is_stored()
    {
        var store = new TermStore(new Database(folder.File("terms.db")));
        var set = Set();
        using var evaluator = new FirstFails();
        await using (var devices = new DevicePool(2, 1L << 30, () => evaluator))
        {
            var known = Known(store, set, devices);
            await Assert.ThrowsAsync<InvalidDataException>(() => known.EnsureAsync(Wanted, progress: null, CancellationToken.None));
        }

        Assert.NotEqual(0, evaluator.Succeeded);
        Assert.Equal(evaluator.Succeeded, Enumerable.Range(0, set.Networks.Length).Count(network => Known(store, set, devices: null!).Table.Knows(Wanted[0], network)));
    }

    [Fact]
    public async Task One_reading_of_the_cache_serves_every_reduction()
    {
        var store = new TermStore(new Database(folder.File("terms.db")));
        var set = Set();
        await using (var devices = new DevicePool(1, 1L << 30, () => new FusedEvaluator()))
        {
            await Known(store, set, devices).EnsureAsync(Wanted, progress: null, CancellationToken.None);
        }

        var all = Known(store, set, devices: null!, [.. Enum.GetValues<Reduction>().SelectMany(elements => Enum.GetValues<Reduction>().Select(tensors => (elements, tensors)))]);
        foreach (var elements in Enum.GetValues<Reduction>())
        {
            foreach (var tensors in Enum.GetValues<Reduction>())
            {
                var alone = new KnownTerms(
                    run: null, Configuration with { ElementReduction = elements, TensorReduction = tensors }, SmallBenchmark.Create().Sizes, set, "made up", store, devices: null!, TermPlan.OnlyNeeded);
                Assert.Equal(alone.Table.LayerValues(Wanted[0], 0).ToArray(), all.TableOf(elements, tensors).LayerValues(Wanted[0], 0).ToArray());
            }
        }
    }

    private static ArchitectureSet Set() => SearchSample.Of(SmallBenchmark.Create(), Configuration).Search;

    private static KnownTerms Known(TermStore store, ArchitectureSet set, DevicePool devices, params (Reduction, Reduction)[] reductions) =>
        new(run: null, Configuration, SmallBenchmark.Create().Sizes, set, "made up", store, devices, TermPlan.OnlyNeeded, reductions);

    /// <summary>Fails on the first request, once another has begun; that one ends only after the failure.</summary>
    private sealed class FirstFails : ITermEvaluator, IDisposable
    {
        private readonly FusedEvaluator fused = new();
        private readonly ManualResetEventSlim otherBegun = new(), failed = new();
        private int begun, succeeded;

        public int Succeeded => succeeded;

        public string Name => fused.Name;

        public long WorkingBytes(long largestTensor) => fused.WorkingBytes(largestTensor);

        public TermBlock Evaluate(InputKind input, ImmutableArray<ImmutableArray<TorchSharp.torch.Tensor>> layers, ImmutableArray<Chain> chains)
        {
            if (Interlocked.Increment(ref begun) == 1)
            {
                otherBegun.Wait();
                failed.Set();
                throw new InvalidDataException("made to fail");
            }

            otherBegun.Set();
            failed.Wait();
            var block = new FusedEvaluator().Evaluate(input, layers, chains);
            Interlocked.Increment(ref succeeded);
            return block;
        }

        public void Dispose()
        {
            otherBegun.Dispose();
            failed.Dispose();
        }
    }
}
