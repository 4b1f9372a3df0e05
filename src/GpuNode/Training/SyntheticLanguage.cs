namespace LPZero.GpuNode.Training;

/// <summary>A language to generate.</summary>
/// <param name="Seed">Seed of the language's tables.</param>
/// <param name="Subjects">Number of subjects, and of verbs.</param>
/// <param name="Fillers">Number of other words.</param>
/// <param name="ActiveFillers">How many of them a sequence uses.</param>
/// <param name="Topics">Number of topics; a sequence has one, which is never spoken.</param>
/// <param name="OpenProbability">Probability that the next word opens a clause with a subject.</param>
/// <param name="CloseProbability">Probability that it closes the innermost clause with its verb.</param>
/// <param name="MaximumDepth">Clauses within clauses.</param>
/// <param name="NoiseProbability">Probability that a filler is any of the active ones.</param>
public sealed record LanguageSettings(
    ulong Seed, int Subjects, int Fillers, int ActiveFillers, int Topics, double OpenProbability, double CloseProbability, int MaximumDepth,
    double NoiseProbability);

/// <summary>
/// Sequences with structure at several ranges. Every sequence draws its own few fillers, so whoever sees the whole
/// sequence knows what a masked one can be. They come in a fixed order, forwards or backwards by the class of the
/// innermost open subject, so neighbours and a distant subject together tell which one it is. Clauses nest: a subject
/// opens one, and the verb that closes it agrees with that subject in a way that depends on the sequence's hidden topic.
/// </summary>
/// <remarks>Token ids: subjects, then as many verbs, then fillers.</remarks>
public sealed class SyntheticLanguage : ITokenSource
{
    private readonly LanguageSettings settings;
    private readonly int[][] verbs;
    private readonly int[] order;

    /// <summary>Draws the language's tables from its seed.</summary>
    public SyntheticLanguage(LanguageSettings settings)
    {
        this.settings = settings;
        var random = new RandomSequence(settings.Seed, "language");
        verbs = [.. Enumerable.Range(0, settings.Topics).Select(_ => Permutation(settings.Subjects, settings.Subjects))];
        order = Permutation(2 * settings.Subjects, settings.Fillers);

        int[] Permutation(int first, int count)
        {
            var items = Enumerable.Range(first, count).ToArray();
            random.Shuffle<int>(items);
            return items;
        }
    }

    /// <inheritdoc/>
    public int Vocabulary => (2 * settings.Subjects) + settings.Fillers;

    /// <inheritdoc/>
    public void Draw(TokenSplit split, RandomSequence random, Span<int> sequence)
    {
        // Every sequence is drawn afresh, so the splits differ by their streams of random numbers alone.
        var verbOf = random.Choose(verbs);
        var active = Active(random);
        var open = new Stack<int>();
        var filler = random.Next(active.Length);
        for (var i = 0; i < sequence.Length; i++)
        {
            var choice = random.NextDouble();
            if (choice < settings.OpenProbability && open.Count < settings.MaximumDepth)
            {
                open.Push(sequence[i] = random.Next(settings.Subjects));
            }
            else if (open.Count > 0 && choice < settings.OpenProbability + settings.CloseProbability)
            {
                sequence[i] = verbOf[open.Pop()];
            }
            else
            {
                var direction = open.Count > 0 && open.Peek() % 2 == 1 ? -1 : 1;
                filler = random.NextDouble() < settings.NoiseProbability
                    ? random.Next(active.Length)
                    : (filler + direction + active.Length) % active.Length;
                sequence[i] = active[filler];
            }
        }
    }

    /// <summary>The sequence's fillers, in the language's order.</summary>
    private int[] Active(RandomSequence random)
    {
        var chosen = order.Index().ToArray();
        random.Shuffle<(int Index, int Item)>(chosen);
        return [.. chosen.Take(settings.ActiveFillers).OrderBy(c => c.Index).Select(c => c.Item)];
    }
}
