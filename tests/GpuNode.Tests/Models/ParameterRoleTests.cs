using System.Collections.Immutable;
using LPZero.GpuNode.Models;
using LPZero.GpuNode.Models.Decoders;
using LPZero.GpuNode.Spaces.FlexiBert;

namespace LPZero.GpuNode.Tests.Models;

public sealed class ParameterRoleTests
{
    [Fact]
    public void Every_parameter_of_an_encoder_has_the_role_of_the_part_that_its_name_says()
    {
        foreach (var layer in Probing.Varied.Layers)
        {
            AssertRoles(FlexiBertParameters.Layer(Probing.Varied.HiddenSize, layer), "mixing.", "feed_forward.", "output.dense.");
        }
    }

    [Fact]
    public void Every_parameter_of_a_decoder_has_the_role_of_the_part_that_its_name_says()
    {
        var shape = new DecoderShape
        {
            Hidden = 16, Embedding = new AdaptiveEmbedding(16, 1, [20]), Positions = 32, Layers = [new(2, 8, 40)],
        };
        foreach (var kind in Enum.GetValues<FeedForwardKind>())
        {
            AssertRoles(DecoderParameters.Layer(shape with { FeedForward = kind }, shape.Layers[0]), "attention.", "feed_forward.");
        }

        Assert.All(DecoderParameters.LastNorm(shape), last => Assert.Equal(ParameterRole.Normalization, last.Role));
        Assert.All(DecoderParameters.Embedding(shape), embedded => Assert.Equal(ParameterRole.Other, embedded.Role));
    }

    private static void AssertRoles(ImmutableArray<ParameterShape> parameters, string mixing, params string[] feedForward)
    {
        Assert.NotEmpty(parameters);
        Assert.All(parameters, parameter => Assert.Equal(
            parameter.Name switch
            {
                var name when name.StartsWith($"{mixing}query.", StringComparison.Ordinal) => ParameterRole.Queries,
                var name when name.StartsWith($"{mixing}key.", StringComparison.Ordinal) => ParameterRole.Keys,
                var name when name.StartsWith(mixing, StringComparison.Ordinal) => ParameterRole.Mixing,
                var name when name.StartsWith("feed_forward.gate.", StringComparison.Ordinal) => ParameterRole.Gate,
                var name when feedForward.Any(part => name.StartsWith(part, StringComparison.Ordinal)) => ParameterRole.FeedForward,
                var name when name.Contains("norm", StringComparison.Ordinal) => ParameterRole.Normalization,
                _ => ParameterRole.Other,
            },
            parameter.Role));
    }
}
