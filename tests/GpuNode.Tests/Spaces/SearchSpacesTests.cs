using LPZero.GpuNode.Spaces;
using LPZero.GpuNode.Spaces.FlexiBert;

namespace LPZero.GpuNode.Tests.Spaces;

public sealed class SearchSpacesTests
{
    [Fact]
    public void A_text_is_read_by_the_space_that_it_names()
    {
        var genotype = new FlexiBertGenotype(
            256, [.. Enum.GetValues<MixingOperation>().Select((o, i) => new FlexiBertLayer(o, 4, 512, 1 + i))]);
        Assert.Equal(genotype, SearchSpaces.Known.Parse(genotype.ToString()));
    }

    // Tuli et al. (2022) and Serianni and Kalita (2023) give this number for their space.
    [Fact]
    public void Flexiberts_public_space_has_the_published_number_of_genotypes() =>
        Assert.Equal(10_621_440, SearchSpaces.Known["flexibert"].Count);

    [Theory]
    [InlineData("")]
    [InlineData("mars:12")]
    [InlineData("FlexiBERT:128:SA/SDP-h2-f512x1")]
    [InlineData("mars\n:12")]
    public void An_unknown_space_is_refused_with_the_known_ones_in_one_line(string text)
    {
        var error = Assert.Throws<FormatException>(() => SearchSpaces.Known.Parse(text));
        Assert.StartsWith("unknown search space '", error.Message, StringComparison.Ordinal);
        Assert.Contains("known are flexibert", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Theory]
    [InlineData("flexibert:")]
    [InlineData("flexibert:128:")]
    [InlineData("flexibert:-1:SA/SDP-h2-f512x1")]
    [InlineData("flexibert:128:SA/SDP-h2-f512")]
    [InlineData("flexibert:128:SA/SDP-h2-f512x1,")]
    [InlineData("flexibert:128:SA/SDP-h2-f512x1:7")]
    [InlineData("flexibert:128:SA/XYZ-h2-f512x1")]
    [InlineData("flexibert:128:SA/SDP-h99999999999-f512x1")]
    [InlineData("flexibert:128:SA/SDP-h2-f512x1-g3")]
    public void What_flexibert_does_not_write_is_refused_with_how_it_is_written(string text)
    {
        var error = Assert.Throws<FormatException>(() => SearchSpaces.Known.Parse(text));
        Assert.Contains("is no genotype of FlexiBERT; write flexibert:HIDDEN:", error.Message, StringComparison.Ordinal);
    }
}
