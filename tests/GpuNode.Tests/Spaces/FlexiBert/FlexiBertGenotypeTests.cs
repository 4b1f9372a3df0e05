using LPZero.GpuNode.Spaces.FlexiBert;
using LPZero.Messages.Architectures;

namespace LPZero.GpuNode.Tests.Spaces.FlexiBert;

public sealed class FlexiBertGenotypeTests
{
    private static readonly FlexiBertGenotype Genotype = new(128,
    [
        new FlexiBertLayer(MixingOperation.Fourier, 2, 512, 3),
        new FlexiBertLayer(MixingOperation.Convolution5, 4, 1024, 1),
    ]);

    [Fact]
    public void As_trained_every_layer_is_attention_and_the_widths_stay() => Assert.Equal(
        new FlexiBertGenotype(128,
        [
            new FlexiBertLayer(MixingOperation.ScaledDotProduct, 2, 512, 3),
            new FlexiBertLayer(MixingOperation.ScaledDotProduct, 4, 512, 1),
        ]),
        Genotype.Resolve(Shapes.AsTrained));

    [Fact]
    public void As_the_genotype_says_only_a_width_that_nothing_has_is_replaced() => Assert.Equal(
        new FlexiBertGenotype(128, Genotype.Layers.SetItem(1, Genotype.Layers[1] with { FeedForwardDimension = 4 * 128 })),
        Genotype.Resolve(Shapes.Genotype));

    [Fact]
    public void Genotypes_that_differ_in_an_unused_width_alone_are_one_network() => Assert.Equal(
        Genotype.Resolve(Shapes.Genotype),
        new FlexiBertGenotype(128, Genotype.Layers.SetItem(1, Genotype.Layers[1] with { FeedForwardDimension = 77 }))
            .Resolve(Shapes.Genotype));

    [Fact]
    public void As_published_every_width_is_the_same_and_the_operations_stay() => Assert.Equal(
        new FlexiBertGenotype(256,
        [
            new FlexiBertLayer(MixingOperation.Fourier, 2, 1024, 3),
            new FlexiBertLayer(MixingOperation.Convolution5, 4, 1024, 1),
        ]),
        Genotype.Resolve(Shapes.Published));

    [Fact]
    public void Genotypes_are_equal_by_content()
    {
        var copy = new FlexiBertGenotype(128, [.. Genotype.Layers]);
        Assert.Equal(Genotype, copy);
        Assert.Equal(Genotype.GetHashCode(), copy.GetHashCode());
        Assert.Equal(Genotype.ToString(), copy.ToString());
        Assert.NotEqual(Genotype, new FlexiBertGenotype(256, copy.Layers));
        Assert.NotEqual(Genotype, new FlexiBertGenotype(128, [.. Genotype.Layers.Reverse()]));
    }

    [Fact]
    public void The_text_is_that_of_the_first_version_as_weights_and_keys_are_made_of_it() =>
        Assert.Equal("flexibert:128:LT/DFT-h2-f512x3,DSC/5-h4-f1024x1", Genotype.ToString());

    [Fact]
    public void Every_mixing_operation_is_read_back_from_its_name()
    {
        Assert.All(Enum.GetValues<MixingOperation>(), operation =>
        {
            Assert.True(MixingOperations.TryParse(MixingOperations.Name(operation), out var read));
            Assert.Equal(operation, read);
        });
        Assert.False(MixingOperations.TryParse("SA/XYZ", out _));
    }
}
