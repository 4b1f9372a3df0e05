using LPZero.GpuNode.Training;

namespace LPZero.GpuNode.Tests.Training;

public class SyntheticLanguageTests
{
    private const int Subjects = 4;
    private const int Fillers = 12;
    private const int Active = 3;

    private static readonly LanguageSettings Settings = new(
        7, Subjects, Fillers, Active, Topics: 2, 0.2, 0.3, MaximumDepth: 3, NoiseProbability: 0);

    [Fact]
    public void The_same_seed_draws_the_same_sequence()
    {
        Assert.Equal(Draw(Settings, "a"), Draw(Settings, "a"));
        Assert.NotEqual(Draw(Settings, "a"), Draw(Settings, "b"));
        Assert.NotEqual(Draw(Settings, "a"), Draw(Settings with { Seed = 8 }, "a"));
    }

    [Fact]
    public void A_sequence_uses_few_fillers_and_many_sequences_use_all()
    {
        var all = Many().ToList();
        Assert.All(all, sequence => Assert.InRange(sequence.Where(IsFiller).Distinct().Count(), 1, Active));
        Assert.Equal(Fillers, all.SelectMany(s => s).Where(IsFiller).Distinct().Count());
    }

    [Fact]
    public void Clauses_nest_and_every_verb_agrees_with_its_subject_in_one_of_two_topics()
    {
        var agreements = Many().Select(Agreement).Where(a => a.Count == Subjects)
            .Select(a => string.Join(',', a.OrderBy(p => p.Key).Select(p => p.Value)));
        Assert.Equal(2, agreements.Distinct().Count());
    }

    [Fact]
    public void Without_noise_the_innermost_subject_decides_the_direction_of_the_fillers()
    {
        // Three fillers in a circle: a step forwards is never a step backwards.
        foreach (var sequence in Many())
        {
            var steps = Steps(sequence);
            Assert.Empty(steps[0].Intersect(steps[1]));
        }
    }

    [Fact]
    public void A_stream_holds_out_its_last_tenth()
    {
        var stream = new TokenStream([.. Enumerable.Range(0, 100)], 100);
        var random = new RandomSequence(1, "test");
        var sequence = new int[5];
        for (var i = 0; i < 200; i++)
        {
            stream.Draw(TokenSplit.Training, random, sequence);
            Assert.InRange(sequence[^1], 4, 89);
            stream.Draw(TokenSplit.Validation, random, sequence);
            Assert.InRange(sequence[0], 90, 95);
        }
    }

    private static bool IsFiller(int token) => token >= 2 * Subjects;

    private static IEnumerable<int[]> Many() => Enumerable.Range(0, 300).Select(i => Draw(Settings, $"sequence {i}"));

    private static int[] Draw(LanguageSettings settings, string stream)
    {
        var sequence = new int[60];
        new SyntheticLanguage(settings).Draw(TokenSplit.Training, new RandomSequence(1, stream), sequence);
        return sequence;
    }

    private static Dictionary<int, int> Agreement(int[] sequence)
    {
        var agreement = new Dictionary<int, int>();
        var open = new Stack<int>();
        foreach (var token in sequence.Where(t => !IsFiller(t)))
        {
            if (token < Subjects)
            {
                open.Push(token);
                Assert.InRange(open.Count, 1, 3);
                continue;
            }

            var subject = open.Pop();
            Assert.Equal(token, agreement.GetValueOrDefault(subject, token));
            agreement[subject] = token;
        }

        return agreement;
    }

    // [0]: steps between fillers where the innermost subject is even or there is none; [1]: where it is odd.
    private static HashSet<(int From, int To)>[] Steps(int[] sequence)
    {
        HashSet<(int From, int To)>[] steps = [[], []];
        var open = new Stack<int>();
        int? previous = null;
        foreach (var token in sequence)
        {
            if (!IsFiller(token))
            {
                if (token < Subjects)
                {
                    open.Push(token);
                }
                else
                {
                    open.Pop();
                }

                continue;
            }

            if (previous is { } from)
            {
                steps[open.Count > 0 ? open.Peek() % 2 : 0].Add((from, token));
            }

            previous = token;
        }

        return steps;
    }
}
