using System.Text.Json.Nodes;

namespace LPZero.Seed.Tests.Benchmarks;

/// <summary>A space of a few very small architectures that train in moments.</summary>
internal static class TinySpace
{
    /// <summary>The same of decoders.</summary>
    public static JsonObject Decoders()
    {
        var space = Create();
        space["space"] = "gpt2";
        space["sizes"] = new JsonObject { ["vocabulary"] = 16, ["positions"] = 8 };
        space["embeddings"] = new JsonArray(4, 8);
        space["feedForwardDimensions"] = new JsonArray(8, 16);
        foreach (var member in (string[])["operations", "feedForwards"])
        {
            space.Remove(member);
        }

        space["training"]!.AsObject().Remove("maskedShare");
        return space;
    }

    public static JsonObject Create() => new()
    {
        ["format"] = "lpzero-space",
        ["version"] = 1,
        ["name"] = "test",
        ["sizes"] = new JsonObject { ["vocabulary"] = 17, ["embedding"] = 8, ["positions"] = 8 },
        ["hiddenSizes"] = new JsonArray(8, 12),
        ["layers"] = new JsonArray(1, 2),
        ["operations"] = new JsonObject { ["SA/SDP"] = 1, ["SA/WMA"] = 1, ["LT/DFT"] = 1, ["LT/DCT"] = 1, ["DSC/5"] = 1, ["DSC/9"] = 1 },
        ["heads"] = new JsonArray(2),
        ["feedForwardDimensions"] = new JsonArray(8),
        ["feedForwards"] = new JsonArray(1, 3),
        ["samples"] = 8,
        ["seed"] = 5,
        ["training"] = new JsonObject
        {
            ["steps"] = 4,
            ["batchSize"] = 4,
            ["sequenceLength"] = 8,
            ["learningRate"] = 0.01,
            ["warmupSteps"] = 1,
            ["maskedShare"] = 0.25,
            ["gradientNorm"] = 1,
            ["validationSequences"] = 70,
        },
        ["language"] = new JsonObject
        {
            ["seed"] = 1,
            ["subjects"] = 3,
            ["fillers"] = 10,
            ["activeFillers"] = 3,
            ["topics"] = 2,
            ["openProbability"] = 0.1,
            ["closeProbability"] = 0.2,
            ["maximumDepth"] = 2,
            ["noiseProbability"] = 0.1,
        },
    };
}
