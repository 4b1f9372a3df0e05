using LPZero.GpuNode.Spaces;
using LPZero.GpuNode.Spaces.FlexiBert;
using LPZero.GpuNode.Training;
using LPZero.Messages.Architectures;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;

namespace LPZero.GpuNode.Tests.Inputs;

/// <summary>
/// No genotype ends the process: one that has no problem is built and shows six inputs, any other is refused in one line before
/// anything is built. A failure here may be a crash of the test host.
/// </summary>
[Collection(LiveTensors.Name)]
public sealed class RandomGenotypesTests
{
    private static readonly int[] HiddenSizes = [1, 2, 4, 6, 8, 12, 16, 20];
    private static readonly int[] HeadCounts = [1, 2, 2, 2, 3, 4];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_genotype_gives_inputs_or_one_clear_error(ulong seed)
    {
        var random = new RandomSequence(seed, "genotypes");
        var (built, refused) = (0, 0);
        for (var i = 0; i < 150; i++)
        {
            var target = Draw(random);
            if (target.Network.FindProblem() is { } problem)
            {
                refused++;
                Assert.DoesNotContain('\n', problem);
                Assert.Equal(0, LiveTensors.LeftBehind(() => Assert.Throws<ArgumentException>(() => Probing.Inputs(target))));
                continue;
            }

            built++;
            using var inputs = Probing.Inputs(target);
            Assert.All(Enum.GetValues<InputKind>(), kind => Assert.Equal(target.Network.LayerCount, inputs[kind].Length));
            Assert.Equal(Network.MemoryOf(target).Held, inputs.Bytes);
        }

        Assert.True(built > 20 && refused > 20, $"{built} built, {refused} refused");
    }

    [Theory]
    [InlineData(0, 4)]
    [InlineData(2, 0)]
    [InlineData(2, 33)]
    public void A_mini_batch_that_does_not_fit_the_embedding_is_refused(int batch, int length) =>
        Assert.Equal(
            0, LiveTensors.LeftBehind(() =>
                Assert.Throws<ArgumentException>(() => Probing.Inputs(Probing.Target(batch: batch, length: length)))));

    private static ProbedNetwork Draw(RandomSequence random)
    {
        // Operation 6 does not exist.
        var hidden = random.Choose(HiddenSizes);
        var network = new FlexiBertGenotype(hidden, [.. Enumerable.Range(0, 1 + random.Next(2)).Select(_ => new FlexiBertLayer(
            (MixingOperation)random.Next(random.Next(10) == 0 ? 7 : 6), random.Choose(HeadCounts),
            random.Next(12) - (random.Next(10) == 0 ? 1 : -1), random.Next(10) == 0 ? 0 : 1 + random.Next(3)))]);
        var probe = new ProbeSettings(
            1 + random.Next(2), 1 + random.Next(12), WeightsSeed: 1, BatchSeed: 1, (WeightSelection)random.Next(2),
            new EmbeddingSizes(2 + random.Next(20), 1 + random.Next(9), 12));
        return new ProbedNetwork(network, probe);
    }
}
