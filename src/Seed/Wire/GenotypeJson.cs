using System.Text.Json;
using LPZero.GpuNode.Spaces;
using LPZero.Messages;

namespace LPZero.Seed.Wire;

/// <summary>How messages that hold genotypes are read from JSON: with the spaces that the program knows.</summary>
internal static class GenotypeJson
{
    public static readonly JsonSerializerOptions Reading = MessageJson.Reading(SearchSpaces.Known.Parse);
}
